using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class StoreTests
{
    private static readonly byte[] Content = FilesMeeting.Bytes(3_000_000);

    [Fact]
    public async Task The_same_content_is_kept_and_sent_once_under_any_name()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        SharedFile first = await (await meeting.ConnectAsync("Ada")).ShareAsync(Content);
        RawClient bob = await meeting.ConnectAsync("Bob", "other");
        await bob.RequestAsync(new CreateUpload("another.name", Content.Length));
        Assert.Empty(await bob.AnnounceAsync(Content));
        await bob.Acks.WaitCountAsync(3);
        SharedFile second = await bob.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal((first.Sha256, first.Root, "another.name"), (second.Sha256, second.Root, second.Name));
        Assert.Equal(Content.Length, meeting.StoredBytes);
    }

    [Fact]
    public async Task A_block_goes_when_the_last_file_with_it_has_gone()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] other = [.. Content[..BlockLayout.Size], 1, 2, 3];
        RawClient standing = await meeting.ConnectAsync("Ada");
        SharedFile[] files = [await (await meeting.ConnectAsync("Ada")).ShareAsync(Content), await (await meeting.ConnectAsync("Ada")).ShareAsync(Content, "b"), await (await meeting.ConnectAsync("Ada")).ShareAsync(other, "c")];
        Assert.Equal(Content.Length + 3, meeting.StoredBytes);
        await standing.RequestAsync(new WithdrawFile(files[0].Id));
        Assert.Equal(Content.Length + 3, meeting.StoredBytes);
        await standing.RequestAsync(new WithdrawFile(files[1].Id));
        Assert.Equal(BlockLayout.Size + 3, meeting.StoredBytes);
        await standing.RequestAsync(new WithdrawFile(files[2].Id));
        Assert.Equal((0L, 0L), meeting.Server.Store.Bytes());
    }

    [Fact]
    public async Task Content_with_the_same_block_many_times_is_one_block()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] zeros = new byte[5 * BlockLayout.Size];
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(zeros);
        Assert.Equal(FilesMeeting.Hash(zeros), file.Sha256);
        Assert.Equal(BlockLayout.Size, meeting.StoredBytes);
    }

    [Fact]
    public async Task What_a_crash_left_is_removed_at_the_next_start()
    {
        FilesMeeting first = await FilesMeeting.StartAsync();
        SharedFile kept = await (await first.ConnectAsync("Ada")).ShareAsync(Content);
        string folder = first.Hub.Server.DataDirectory;
        await File.WriteAllBytesAsync(Path.Combine(folder, "packs", "00000077.pack"), Content, TestContext.Current.CancellationToken);
        await using (var pack = new FileStream(Path.Combine(folder, "packs", "00000001.pack"), FileMode.Append)) pack.Write(Content);
        await using FilesMeeting second = await FilesMeeting.StartAsync(folder);
        (long counted, long used) = second.Server.Store.Bytes();
        Assert.Equal(Content.Length, counted);
        Assert.InRange(used, counted, counted + (64 * 1024));
        RawClient bob = await second.ConnectAsync("Bob");
        await bob.RequestAsync(new FetchFile(kept.Id));
        await bob.SendAsync(new GetBlocks([[0, 2]], 0));
        Assert.Equal(Content, (await bob.Blocks.WaitCountAsync(3)).SelectMany(block => block[BlockLayout.DataAt..]));
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Many_who_fetch_the_same_make_the_hub_read_it_once()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        var (path, content, _) = meeting.NewFile(5_000_000);
        await FilesMeeting.OfferAsync(ada, path);
        string id = (await ada.Page.WaitAsync<UploadDone>()).Id;
        TestClientContext[] people = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => meeting.JoinAsync($"Person {number}")));
        await Task.WhenAll(people.Select(person => FilesMeeting.DownloadAsync(person, id)));
        foreach (TestClientContext person in people)
            Assert.Equal(content, await File.ReadAllBytesAsync((await person.Page.WaitAsync<DownloadDone>()).Path, TestContext.Current.CancellationToken));
        Assert.Equal(5, meeting.Server.Cache.Reads);
    }

    [Fact]
    public async Task A_file_for_one_person_is_seen_by_that_person_and_the_uploader_only()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext bob = await meeting.JoinAsync("Bob"), eve = await meeting.JoinAsync("Eve"), ada = await meeting.JoinAsync("Ada");
        UploadStarted started = await ada.Page.RequestAsync<UploadStarted>(new OfferFile(meeting.NewFile(10).Path, bob.Seat!.Id));
        SharedFile offered = await bob.Page.WaitAsync<SharedFile>();
        Assert.Equal("Bob", offered.To);
        await ada.Page.WaitAsync<UploadDone>(done => done.Upload == started.Upload);
        Assert.Equal("unknown-file", (await Assert.ThrowsAsync<UserErrorException>(() => FilesMeeting.DownloadAsync(eve, offered.Id))).Code);
        RawClient raw = await meeting.ConnectAsync("Eve");
        Assert.Equal("unknown-file", (await Assert.ThrowsAsync<UserErrorException>(() => raw.RequestAsync(new FetchFile(offered.Id)))).Code);
        TestClientContext late = await meeting.JoinAsync("Late");
        foreach (TestClientContext stranger in new[] { eve, late })
            Assert.Empty((await stranger.Page.RequestAsync<FileItems>(new ListFiles())).Items);
        Assert.Empty(eve.Page.Events<SharedFile>());
        await FilesMeeting.DownloadAsync(bob, offered.Id);
        await bob.Page.WaitAsync<DownloadDone>();
        RawClient mallory = await meeting.ConnectAsync("Mallory");
        Assert.Equal("unknown-person", (await Assert.ThrowsAsync<UserErrorException>(() => mallory.RequestAsync(new CreateUpload("x", 1, To: "nobody")))).Code);
    }

    [Fact]
    public async Task Quotas_count_a_person_over_all_rooms_and_change_while_the_hub_runs()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxPersonBytes", "5000000"));
        await (await meeting.ConnectAsync("Ada")).ShareAsync(Content);
        RawClient ada = await meeting.ConnectAsync("Ada", "other");
        Assert.Equal("quota", (await Assert.ThrowsAsync<UserErrorException>(() => ada.RequestAsync(new CreateUpload("more", 2_000_001)))).Code);
        await (await meeting.ConnectAsync("Bob", "other")).ShareAsync(Content);
        await ada.RequestAsync(new CreateUpload("more", 2_000_000));
    }

    [Fact]
    public async Task The_page_gets_a_part_of_a_file()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        var (path, content, _) = meeting.NewFile(3_000_000, "notes.html");
        await FilesMeeting.OfferAsync(ada, path);
        string id = (await ada.Page.WaitAsync<UploadDone>()).Id;
        TestHttpExchange got = await ada.Page.HttpAsync("GET", $"/files/{id}", null, ("Range", "bytes=1048570-2097155"));
        Assert.Equal((206, "bytes 1048570-2097155/3000000", "1048586"), (got.Status, got.Headers["Content-Range"], got.Headers["Content-Length"]));
        Assert.Equal(content[1_048_570..2_097_156], got.Response);
        got = await ada.Page.HttpAsync("GET", $"/files/{id}", null, ("Range", "bytes=3000000-"));
        Assert.Equal((416, "bytes */3000000"), (got.Status, got.Headers["Content-Range"]));
        // A page is never shown as one: it would run.
        got = await ada.Page.HttpAsync("GET", $"/files/{id}?view=1");
        Assert.Equal(("text/plain; charset=utf-8", "nosniff"), (got.Headers["Content-Type"], got.Headers["X-Content-Type-Options"]));
        Assert.Contains("sandbox", got.Headers["Content-Security-Policy"]);
        Assert.StartsWith("inline", got.Headers["Content-Disposition"]);
    }
}
