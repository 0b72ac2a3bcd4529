using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class RefusalTests
{
    private static readonly byte[] Content = FilesMeeting.Bytes(400_000);
    private static readonly CreateUpload Create = new("plan.pdf", Content.Length);

    [Theory]
    [InlineData(1, 1000, "0 was expected")]
    [InlineData(399_999, 1, "0 was expected")]
    [InlineData(0, 400_001, "the file has 400000 bytes")]
    [InlineData(0, 0, "carries no data")]
    public async Task A_wrong_block_closes_the_channel_and_leaves_the_offset(long offset, int length, string reason)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(offset, new byte[length]);
        Assert.Contains(reason, (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
        await ada.ClosedAsync();
        Assert.Equal(0, (await (await meeting.ConnectAsync("Ada")).RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
    }

    [Fact]
    public async Task A_block_before_create_is_a_protocol_error()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        await (await meeting.ConnectAsync("Ada")).BlockAsync(0, Content);
        Assert.Contains("before an upload", (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
    }

    [Fact]
    public async Task A_wrong_hash_is_refused_and_the_upload_thrown_away()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content);
        Assert.Equal("hash-mismatch", await CodeAsync(ada.RequestAsync(new CompleteUpload(new string('0', 64)))));
        Assert.Empty(meeting.Parts);
        Assert.Empty(meeting.List());
        Assert.Equal("unknown-upload", await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(Create with { Token = created.Token })));
    }

    [Fact]
    public async Task Complete_before_all_bytes_is_refused_with_both_numbers()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content.AsSpan(0, 1000));
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => ada.RequestAsync(new CompleteUpload(FilesMeeting.Hash(Content))));
        Assert.Equal(("incomplete", "The server has 1000 of 400000 bytes."), (refusal.Code, refusal.Message));
        await ada.BlockAsync(1000, Content.AsSpan(1000));
        await ada.RequestAsync<SharedFile>(new CompleteUpload(FilesMeeting.Hash(Content)));
    }

    [Fact]
    public async Task A_token_that_is_none_of_another_person_or_of_another_room_is_refused()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content.AsSpan(0, 300_000));
        await ada.Acks.WaitAsync(offset => offset == 300_000);

        CreateUpload stolen = Create with { Token = created.Token };
        Assert.Equal("unknown-upload", await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(Create with { Token = "AAECAwQFBgcICQoLDA0ODw" })));
        Assert.Equal("not-yours", await CodeAsync((await meeting.ConnectAsync("Eve")).RequestAsync(stolen)));
        Assert.Equal("not-yours", await CodeAsync((await meeting.ConnectAsync("Eve")).RequestAsync(new DiscardUpload(created.Token))));
        Assert.Equal("unknown-upload", await CodeAsync((await meeting.ConnectAsync("Ada", "other")).RequestAsync(stolen)));
        Assert.Equal("changed", await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(stolen with { Size = 5 })));

        // And the upload has not noticed any of it.
        await ada.BlockAsync(300_000, Content.AsSpan(300_000));
        await ada.RequestAsync<SharedFile>(new CompleteUpload(FilesMeeting.Hash(Content)));
    }

    [Theory]
    [InlineData("", 1, "bad-name")]
    [InlineData("a", -1, "bad-size")]
    [InlineData("a", 2_000_000, "too-large")]
    [InlineData("a", 900_000, "store-full")]
    public async Task What_the_store_does_not_take_is_refused(string name, long size, string code)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxFileBytes", "1000000"), ("MaxStoreBytes", "1200000"));
        await (await meeting.ConnectAsync("Ada")).RequestAsync(Create);
        Assert.Equal(code, await CodeAsync((await meeting.ConnectAsync("Bob")).RequestAsync(new CreateUpload(name, size))));
        await (await meeting.ConnectAsync("Bob")).RequestAsync(new CreateUpload("fits", 800_000));
    }

    [Fact]
    public async Task A_person_runs_only_so_many_transfers()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxTransfersPerPerson", "1"));
        Peer seat = meeting.Hub.NewPeer("Ada");
        RawClient first = await meeting.ConnectAsync("Ada", seat: seat);
        await first.RequestAsync(Create);
        RawClient second = await meeting.ConnectAsync("Ada", seat: seat);
        Assert.Equal("too-many-transfers", await CodeAsync(second.RequestAsync(Create)));
        Assert.Equal("busy", await CodeAsync(first.RequestAsync(Create)));
    }

    [Fact]
    public async Task A_disk_that_fails_stops_the_upload_with_a_sentence_and_keeps_what_was_acknowledged()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content.AsSpan(0, 300_000));
        await ada.Acks.WaitAsync(offset => offset == 300_000);
        meeting.Flush = _ => throw new IOException("No space left on device", 28);
        await ada.BlockAsync(300_000, Content.AsSpan(300_000));
        TransferStopped stopped = (await ada.Stopped.WaitCountAsync(1))[0];
        Assert.Equal("disk-full", stopped.Code);
        await ada.ClosedAsync();
        Assert.Equal("disk-full", await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(Create with { Token = created.Token })));

        meeting.Flush = Durable.Flush;
        RawClient again = await meeting.ConnectAsync("Ada");
        Assert.Equal(300_000, (await again.RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
        await again.BlockAsync(300_000, Content.AsSpan(300_000));
        Assert.Equal(FilesMeeting.Hash(Content), (await again.RequestAsync<SharedFile>(new CompleteUpload(FilesMeeting.Hash(Content)))).Sha256);
    }

    [Fact]
    public async Task A_download_from_beyond_the_end_is_refused()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload(FilesMeeting.Hash(Content)));
        RawClient bob = await meeting.ConnectAsync("Bob");
        foreach (long offset in (long[])[-1, 400_001]) Assert.Equal("bad-offset", await CodeAsync(bob.RequestAsync(new FetchFile(file.Id, offset))));
        Assert.Equal("unknown-file", await CodeAsync(bob.RequestAsync(new FetchFile("nothing", 0))));
        await bob.RequestAsync<FetchStarted>(new FetchFile(file.Id, 399_000));
        await bob.SendAsync(new Acknowledged(399_000));
        byte[] block = (await bob.Blocks.WaitCountAsync(1))[0];
        Assert.Equal(Content[399_000..], block[BlockLayout.DataAt..]);
    }

    [Fact]
    public async Task An_acknowledgement_of_what_was_not_sent_is_a_protocol_error()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload(FilesMeeting.Hash(Content)));
        RawClient bob = await meeting.ConnectAsync("Bob");
        await bob.RequestAsync<FetchStarted>(new FetchFile(file.Id, 0));
        await bob.SendAsync(new Acknowledged(5));
        Assert.Contains("Offset 5", (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
    }

    [Fact]
    public async Task What_is_too_old_is_removed_and_told()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.BlockAsync(0, Content.AsSpan(0, 300_000));
        await ada.Acks.WaitAsync(offset => offset == 300_000);
        TestClientContext bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.OfferAsync(bob, meeting.NewFile(10).Path);
        await bob.Page.WaitAsync<UploadDone>();

        // While somebody is at it, an upload is never too old.
        meeting.Hub.Time.Advance(TimeSpan.FromHours(25));
        meeting.Server.SweepOnce();
        Assert.Single(meeting.Parts);
        RawClient again = await meeting.ConnectAsync("Ada");
        await again.RequestAsync(Create with { Token = created.Token });
        await meeting.Server.DiscardAsync(meeting.Server.Store.KeyOf(meeting.Hub.NewPeer("Ada"), created.Token));
        Assert.Empty(meeting.Parts);

        meeting.Hub.Time.Advance(TimeSpan.FromDays(7));
        meeting.Server.SweepOnce();
        Assert.Equal("expired", (await bob.Page.WaitAsync<FileWithdrawn>()).Reason);
        Assert.Empty(meeting.List());
    }

    private static async Task<string> CodeAsync(Task request) => (await Assert.ThrowsAsync<UserErrorException>(() => request)).Code;
}
