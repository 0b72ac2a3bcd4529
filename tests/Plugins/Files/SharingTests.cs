using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class SharingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_048_576)]
    [InlineData(1_048_577)]
    [InlineData(5_000_001)]
    public async Task A_file_arrives_as_it_was_sent(int size)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        var (path, content, sha256) = meeting.NewFile(size);

        UploadStarted started = await FilesMeeting.OfferAsync(ada, path);
        SharedFile offered = await bob.Page.WaitAsync<SharedFile>();
        Assert.Equal(("plan.pdf", size, sha256, "Ada", null), (offered.Name, offered.Size, offered.Sha256, offered.FromName, offered.Own));
        UploadDone done = await ada.Page.WaitAsync<UploadDone>();
        Assert.Equal((started.Upload, offered.Id, 0L), (done.Upload, done.Id, done.ResumedFrom));

        await FilesMeeting.DownloadAsync(bob, offered.Id);
        DownloadDone downloaded = await bob.Page.WaitAsync<DownloadDone>();
        Assert.Equal(content, await File.ReadAllBytesAsync(downloaded.Path, TestContext.Current.CancellationToken));
        Assert.Equal("plan.pdf", Path.GetFileName(downloaded.Path));
        Assert.Equal(File.GetLastWriteTimeUtc(path), File.GetLastWriteTimeUtc(downloaded.Path), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_file_is_seen_and_fetched_in_its_room_only()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await FilesMeeting.OfferAsync(ada, meeting.NewFile(100).Path);
        string id = (await ada.Page.WaitAsync<UploadDone>()).Id;

        TestClientContext eve = await meeting.JoinAsync("Eve", "other");
        Assert.Empty((await eve.Page.RequestAsync<FileItems>(new ListFiles())).Items);
        RawClient raw = await meeting.ConnectAsync("Mallory", "other");
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => raw.RequestAsync<FetchStarted>(new FetchFile(id)));
        Assert.Equal("unknown-file", refusal.Code);
        refusal = await Assert.ThrowsAsync<UserErrorException>(() => raw.RequestAsync(new WithdrawFile(id)));
        Assert.Equal("unknown-file", refusal.Code);
        Assert.Empty(eve.Page.Events<SharedFile>());
    }

    [Fact]
    public async Task Who_joins_late_gets_the_list_in_order()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        foreach (string name in (string[])["a.txt", "b.txt", "c.txt"])
        {
            await FilesMeeting.OfferAsync(ada, meeting.NewFile(10, name).Path);
            await ada.Page.WaitAsync<UploadDone>(done => done.Name == name);
        }
        TestClientContext bob = await meeting.JoinAsync("Bob");
        Assert.Equal(["a.txt", "b.txt", "c.txt"], (await bob.Page.RequestAsync<FileItems>(new ListFiles())).Items.Select(file => file.Name));
    }

    [Fact]
    public async Task Only_the_uploader_withdraws_a_file()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.OfferAsync(ada, meeting.NewFile(10).Path);
        string id = (await bob.Page.WaitAsync<SharedFile>()).Id;
        Assert.Equal("not-yours", (await Assert.ThrowsAsync<UserErrorException>(() => bob.Page.RequestAsync(new WithdrawFile(id)))).Code);
        await ada.Page.RequestAsync(new WithdrawFile(id));
        Assert.Equal("withdrawn", (await bob.Page.WaitAsync<FileWithdrawn>(gone => gone.Id == id)).Reason);
        Assert.Empty(meeting.List());
        Assert.Equal(0, meeting.StoredBytes);
    }

    [Fact]
    public async Task The_uploader_withdraws_from_another_seat_by_the_token()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await FilesMeeting.OfferAsync(ada, meeting.NewFile(10).Path);
        string id = (await ada.Page.WaitAsync<UploadDone>()).Id;
        await ada.LeaveAsync();
        await ada.JoinAs("Ada again"); // Another person, as far as the hub can tell.
        await ada.Page.First.Events.UntilAsync(events => events.OfType<FileItems>().Any(items => items.Items is [{ Own: true }]));
        await ada.Page.RequestAsync(new WithdrawFile(id));
        Assert.Empty(meeting.List());
    }

    [Fact]
    public async Task The_page_puts_and_gets_over_http()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        byte[] content = FilesMeeting.Bytes(3_000_000);
        TestHttpExchange put = await ada.Page.HttpAsync("PUT", "/files/S%C3%A9ance%201.txt?modified=1893456000000", content);
        Assert.Equal(200, put.Status);
        SharedFile offered = await bob.Page.WaitAsync<SharedFile>();
        Assert.Equal(("Séance 1.txt", FilesMeeting.Hash(content)), (offered.Name, offered.Sha256));
        Assert.Equal(1893456000000, offered.Modified?.ToUnixTimeMilliseconds());

        TestHttpExchange got = await bob.Page.HttpAsync("GET", $"/files/{offered.Id}");
        Assert.Equal(content, got.Response);
        Assert.Equal("attachment; filename*=UTF-8''S%C3%A9ance%201.txt", got.Headers["Content-Disposition"]);
        Assert.Equal(("nosniff", "3000000"), (got.Headers["X-Content-Type-Options"], got.Headers["Content-Length"]));
        Assert.Contains("sandbox", got.Headers["Content-Security-Policy"]);
        await ada.Page.WaitAsync<UploadDone>();
        Assert.Empty(Directory.GetFiles(Path.Combine(ada.DataDirectory, "spool")));
    }

    [Fact]
    public async Task A_second_download_does_not_overwrite_the_first()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await FilesMeeting.OfferAsync(ada, meeting.NewFile(10).Path);
        string id = (await ada.Page.WaitAsync<UploadDone>()).Id;
        string folder = meeting.Hub.Folder.Folder("in");
        foreach (string name in (string[])["plan.pdf", "plan (2).pdf"])
        {
            await FilesMeeting.DownloadAsync(ada, id, folder);
            await ada.Page.WaitAsync<DownloadDone>(done => Path.GetFileName(done.Path) == name);
        }
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_relative_path_are_refused()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        foreach (string path in (string[])["/no/such/file", "plan.pdf", ""])
            Assert.Equal("bad-path", (await Assert.ThrowsAsync<UserErrorException>(() => FilesMeeting.OfferAsync(ada, path))).Code);
    }

    [Fact]
    public async Task Nothing_is_shared_outside_of_a_room()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await ada.LeaveAsync();
        Assert.Equal("not-joined", (await Assert.ThrowsAsync<UserErrorException>(() => FilesMeeting.OfferAsync(ada, meeting.NewFile(1).Path))).Code);
    }
}
