using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class RefusalTests
{
    private static readonly byte[] Content = FilesMeeting.Bytes(3_000_000);
    private static readonly CreateUpload Create = new("plan.pdf", Content.Length);

    [Theory]
    [InlineData(3, 1000, "beyond the end")]
    [InlineData(-1, 1000, "beyond the end")]
    [InlineData(0, 1000, "1048576 were expected")]
    [InlineData(2, 902_849, "902848 were expected")]
    [InlineData(0, 0, "carries no data")]
    public async Task A_block_that_is_none_of_the_upload_closes_the_channel_and_leaves_what_is_there(int block, int length, string reason)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        await ada.BlockAsync(block, new byte[length]);
        Assert.Contains(reason, (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
        await ada.ClosedAsync();
        Assert.Equal(0, (await (await meeting.ConnectAsync("Ada")).RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
        Assert.Equal(0, meeting.StoredBytes);
    }

    [Fact]
    public async Task A_block_before_create_or_before_it_is_announced_is_a_protocol_error()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        await (await meeting.ConnectAsync("Ada")).BlockAsync(Content, 0);
        Assert.Contains("before an upload", (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
        RawClient bob = await meeting.ConnectAsync("Bob");
        await bob.RequestAsync(Create);
        await bob.BlockAsync(Content, 0);
        Assert.Contains("before it was announced", (await meeting.Hub.ProtocolErrors.WaitCountAsync(2))[1]);
    }

    [Fact]
    public async Task A_wrong_block_is_refused_and_only_that_one_is_sent_again()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        Assert.Equal(new[] { 0, 1, 2 }, await ada.AnnounceAsync(Content));
        await ada.BlockAsync(Content, 0);
        await ada.BlockAsync(1, new byte[BlockLayout.Size]);
        await ada.BlockAsync(Content, 2);
        Assert.Equal(1, (await ada.Again.WaitCountAsync(1))[0].Block);
        await ada.Acks.UntilAsync(acks => acks.Order().SequenceEqual([0, 2]));
        Assert.Equal("incomplete", await CodeAsync(ada.RequestAsync(new CompleteUpload())));
        await ada.BlockAsync(Content, 1);
        await ada.Acks.WaitCountAsync(3);
        Assert.Equal(FilesMeeting.Hash(Content), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        Assert.Single(ada.Again.All);
    }

    [Fact]
    public async Task Overlapping_and_doubled_blocks_change_nothing()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        foreach (int block in new[] { 2, 0, 2, 1, 0, 1 }) await ada.BlockAsync(Content, block);
        await ada.Acks.UntilAsync(acks => acks.Distinct().Count() == 3);
        Assert.Equal(FilesMeeting.Hash(Content), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        Assert.Equal(Content.Length, meeting.StoredBytes);
    }

    [Fact]
    public async Task A_block_that_is_not_what_its_checksum_says_is_refused_and_only_that_one_is_sent_again()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        Assert.Equal([[0, 2]], (await ada.AnnounceChecksumsAsync(Content)).Blocks);
        byte[] wrong = RawClient.Part(Content, 1).ToArray();
        wrong[^1] ^= 1;
        await ada.BlockAsync(Content, 0);
        await ada.BlockAsync(1, wrong);
        await ada.BlockAsync(Content, 2);
        Assert.Equal(new SendAgain(1, "Its XXH128 is not the announced one."), (await ada.Again.WaitCountAsync(1))[0]);
        await ada.Acks.UntilAsync(acks => acks.Order().SequenceEqual([0, 2]));
        Assert.Equal("incomplete", await CodeAsync(ada.RequestAsync(new CompleteUpload())));
        await ada.BlockAsync(Content, 1);
        await ada.Acks.WaitCountAsync(3);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal((FilesMeeting.Hash(Content), BlockHash.Root(RawClient.Hashes(Content))), (file.Sha256, file.Root));
        Assert.Single(ada.Again.All);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    [InlineData(int.MaxValue, 1)]
    public async Task Hashes_and_checksums_of_blocks_that_are_not_there_are_refused(int first, int count)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync(Create);
        Assert.Equal("bad-request", await CodeAsync(ada.RequestAsync(new BlockHashes(first, BlockHash.Pack(new BlockHash[count])))));
        Assert.Equal("bad-request", await CodeAsync(ada.RequestAsync(new BlockHashes(0, "no base64"))));
        Assert.Equal("bad-request", await CodeAsync(ada.RequestAsync(new BlockChecksums(first, PackedValues.Pack<BlockChecksum>(new BlockChecksum[count])))));
        Assert.Equal("bad-request", await CodeAsync(ada.RequestAsync(new BlockChecksums(0, "AAAA"))));
        Assert.Equal(3, (await ada.AnnounceAsync(Content)).Length);
    }

    [Fact]
    public async Task A_token_that_is_none_of_another_person_or_of_another_room_is_refused()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        await ada.BlockAsync(Content, 0);
        await ada.Acks.WaitAsync(block => block == 0);

        CreateUpload stolen = Create with { Token = created.Token };
        Assert.Equal("unknown-upload", await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(Create with { Token = "AAECAwQFBgcICQoLDA0ODw" })));
        Assert.Equal("not-yours", await CodeAsync((await meeting.ConnectAsync("Eve")).RequestAsync(stolen)));
        Assert.Equal("not-yours", await CodeAsync((await meeting.ConnectAsync("Eve")).RequestAsync(new DiscardUpload(created.Token))));
        Assert.Equal("unknown-upload", await CodeAsync((await meeting.ConnectAsync("Ada", "other")).RequestAsync(stolen)));
        Assert.Equal("changed", await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(stolen with { Size = 5 })));

        // And the upload has not noticed any of it.
        foreach (int block in new[] { 1, 2 }) await ada.BlockAsync(Content, block);
        await ada.Acks.WaitCountAsync(3);
        await ada.RequestAsync<SharedFile>(new CompleteUpload());
    }

    [Theory]
    [InlineData("", 1, "bad-name")]
    [InlineData("a", -1, "bad-size")]
    [InlineData("a", 20_000_000, "too-large")]
    [InlineData("a", 9_000_000, "store-full")]
    public async Task What_the_store_does_not_take_is_refused(string name, long size, string code)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxFileBytes", "10000000"), ("MaxStoreBytes", "11900000"));
        await (await meeting.ConnectAsync("Ada")).RequestAsync(Create);
        Assert.Equal(code, await CodeAsync((await meeting.ConnectAsync("Bob")).RequestAsync(new CreateUpload(name, size))));
        await (await meeting.ConnectAsync("Bob")).RequestAsync(new CreateUpload("fits", 8_000_000));
    }

    [Theory]
    [InlineData("MaxOpenUploads", "Bob")]
    [InlineData("MaxOpenUploadsPerPerson", "Ada")]
    public async Task Only_so_many_uploads_are_open_on_the_hub_and_of_one_person(string limit, string refused)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync((limit, "2"));
        UploadCreated created = await (await meeting.ConnectAsync("Ada")).RequestAsync<UploadCreated>(Create);
        await (await meeting.ConnectAsync("Ada", "other")).RequestAsync(Create);
        Assert.Equal("too-many-uploads", await CodeAsync((await meeting.ConnectAsync(refused)).RequestAsync(Create)));
        if (limit == "MaxOpenUploadsPerPerson") await (await meeting.ConnectAsync("Bob")).RequestAsync(Create);
        // One that is open already goes on, and one that is given up makes room.
        await (await meeting.ConnectAsync("Ada")).RequestAsync(Create with { Token = created.Token });
        await (await meeting.ConnectAsync("Ada")).RequestAsync(new DiscardUpload(created.Token));
        await (await meeting.ConnectAsync(refused)).RequestAsync(Create);
    }

    [Fact]
    public async Task A_room_lists_only_so_many_files()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxFilesPerRoom", "1"));
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync([1]);
        RawClient bob = await meeting.ConnectAsync("Bob");
        Assert.Equal("too-many-files", await CodeAsync(bob.RequestAsync(Create)));
        await (await meeting.ConnectAsync("Bob", "other")).RequestAsync(Create);
        await (await meeting.ConnectAsync("Ada")).RequestAsync(new WithdrawFile(file.Id));
        await bob.RequestAsync(Create);
    }

    [Fact]
    public async Task A_wrong_block_that_the_whole_hash_has_seen_does_not_spoil_it()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        foreach (int block in new[] { 0, 1 }) await ada.BlockAsync(block, new byte[BlockLayout.Size]);
        await ada.Again.WaitCountAsync(2);
        foreach (int block in new[] { 2, 1, 0 }) await ada.BlockAsync(Content, block);
        await ada.Acks.WaitCountAsync(3);
        Assert.Equal(FilesMeeting.Hash(Content), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
    }

    [Fact]
    public async Task A_person_runs_only_so_many_transfers()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MaxTransfersPerPerson", "1"));
        Peer seat = meeting.NewPeer("Ada");
        RawClient first = await meeting.ConnectAsync("Ada", seat: seat);
        await first.RequestAsync(Create);
        RawClient second = await meeting.ConnectAsync("Ada", seat: seat);
        Assert.Equal("too-many-transfers", await CodeAsync(second.RequestAsync(Create)));
        Assert.Equal("busy", await CodeAsync(first.RequestAsync(Create)));
    }

    [Theory]
    [InlineData(28, "disk-full")]
    [InlineData(122, "disk-full")]
    [InlineData(5, "storage-error")]
    public async Task A_disk_that_fails_stops_uploads_with_a_sentence_and_keeps_what_was_acknowledged(int error, string code)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        await ada.BlockAsync(Content, 0);
        await ada.Acks.WaitAsync(block => block == 0);
        meeting.Flush = _ => throw new IOException("The disk says no", error);
        await ada.BlockAsync(Content, 1);
        Assert.Equal(code, (await ada.Stopped.WaitCountAsync(1))[0].Code);
        await ada.ClosedAsync();
        Assert.Equal(code, await CodeAsync((await meeting.ConnectAsync("Ada")).RequestAsync(Create with { Token = created.Token })));
        Assert.Equal(code, await CodeAsync((await meeting.ConnectAsync("Bob")).RequestAsync(Create)));
        Assert.Single(ada.Acks.All);

        meeting.Flush = DurableFile.Flush;
        RawClient again = await meeting.ConnectAsync("Ada");
        Assert.Equal(BlockLayout.Size, (await again.RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
        Assert.Equal(new[] { 1, 2 }, await again.AnnounceAsync(Content));
        foreach (int block in new[] { 1, 2 }) await again.BlockAsync(Content, block);
        await again.Acks.WaitCountAsync(3);
        Assert.Equal(FilesMeeting.Hash(Content), (await again.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
    }

    [Fact]
    public async Task Below_the_floor_of_free_space_nothing_is_taken_until_there_is_room_again()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("MinFreeBytes", "1000000"));
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        meeting.Server.Store.FreeBytes = _ => 999_999;
        await ada.BlockAsync(Content, 0);
        Assert.Equal("disk-full", (await ada.Stopped.WaitCountAsync(1))[0].Code);
        Assert.Empty(ada.Acks.All);
        Assert.Equal("disk-full", await CodeAsync((await meeting.ConnectAsync("Bob")).RequestAsync(Create)));
        meeting.Server.Store.FreeBytes = _ => 9_000_000;
        RawClient again = await meeting.ConnectAsync("Ada");
        Assert.Equal(0, (await again.RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
    }

    [Fact]
    public async Task Blocks_beyond_the_end_and_beyond_the_window_are_refused()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(Content);
        RawClient bob = await meeting.ConnectAsync("Bob");
        Assert.Equal("unknown-file", await CodeAsync(bob.RequestAsync(new FetchFile("nothing"))));
        FetchStarted started = await bob.RequestAsync<FetchStarted>(new FetchFile(file.Id));
        foreach (var (first, count) in ((int, int)[])[(-1, 1), (0, 4), (3, 1), (0, 0), (1, int.MaxValue)])
            Assert.Equal("bad-offset", await CodeAsync(bob.RequestAsync(new AskHashes(first, count))));
        Assert.Equal(BlockHash.Pack(RawClient.Hashes(Content)), (await bob.RequestAsync<BlockHashes>(new AskHashes(0, 3))).Sha256);
        await bob.SendAsync(new GetBlocks([[2, 2], [0, 0]], 0));
        IReadOnlyList<byte[]> blocks = await bob.Blocks.WaitCountAsync(2);
        Assert.Equal(Content[2_097_152..], blocks[0][BlockLayout.DataAt..]);
        Assert.Equal(Content[..1_048_576], blocks[1][BlockLayout.DataAt..]);
        await bob.SendAsync(new GetBlocks([.. Enumerable.Repeat<int[]>([0, 0], started.Window + 1)], 2));
        Assert.Contains("at a time", (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(-1, 0)]
    [InlineData(1, 0)]
    public async Task A_range_that_is_none_is_a_protocol_error(int first, int last)
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(Content);
        RawClient bob = await meeting.ConnectAsync("Bob");
        await bob.RequestAsync(new FetchFile(file.Id));
        await bob.SendAsync(new GetBlocks([[first, last]], 0));
        Assert.Contains("no range", (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
    }

    [Fact]
    public async Task More_blocks_said_to_have_come_than_were_sent_are_a_protocol_error()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(Content);
        RawClient bob = await meeting.ConnectAsync("Bob");
        await bob.RequestAsync(new FetchFile(file.Id));
        await bob.SendAsync(new GetBlocks([[0, 0]], 5));
        Assert.Contains("5 blocks", (await meeting.Hub.ProtocolErrors.WaitCountAsync(1))[0]);
    }

    [Fact]
    public async Task A_listener_fetches_and_may_not_offer()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(Content);
        RawClient lena = await meeting.ConnectAsync("Lena", seat: meeting.NewPeer("Lena", role: Role.Listener));
        Assert.Equal("not-allowed", await CodeAsync(lena.RequestAsync(Create)));
        Assert.Equal("not-allowed", await CodeAsync(lena.RequestAsync(new WithdrawFile(file.Id))));
        Assert.Equal(file.Size, (await lena.RequestAsync<FetchStarted>(new FetchFile(file.Id))).Size);
    }

    [Fact]
    public async Task What_is_too_old_is_removed_and_told()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        await ada.BlockAsync(Content, 0);
        await ada.Acks.WaitCountAsync(1);
        TestClientContext bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.OfferAsync(bob, meeting.NewFile(10).Path);
        await bob.Page.WaitAsync<UploadDone>();

        // While somebody is at it, an upload is never too old.
        meeting.Hub.Time.Advance(TimeSpan.FromHours(25));
        meeting.Server.SweepOnce();
        Assert.Equal(BlockLayout.Size + 10, meeting.StoredBytes);
        RawClient again = await meeting.ConnectAsync("Ada");
        await again.RequestAsync(Create with { Token = created.Token });
        meeting.Server.Discard(meeting.Server.Store.KeyOf(meeting.NewPeer("Ada"), created.Token));
        Assert.Equal(10, meeting.StoredBytes);

        meeting.Hub.Time.Advance(TimeSpan.FromDays(7));
        meeting.Server.SweepOnce();
        Assert.Equal("expired", (await bob.Page.WaitAsync<FileWithdrawn>()).Reason);
        Assert.Empty(meeting.List());
        Assert.Equal((0L, 0L), meeting.Server.Store.Bytes());
    }

    private static async Task<string> CodeAsync(Task request) => (await Assert.ThrowsAsync<UserErrorException>(() => request)).Code;
}
