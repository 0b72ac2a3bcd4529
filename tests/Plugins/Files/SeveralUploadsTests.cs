using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>Blocks that are hashed and written by the thread that received them, since another upload is being received, too.</summary>
public sealed class SeveralUploadsTests : IAsyncDisposable
{
    private static readonly byte[] Content = FilesMeeting.Bytes(3_000_000);
    private static readonly CreateUpload Create = new("plan.pdf", Content.Length);

    /// <summary>A block was worked on where it was received.</summary>
    private readonly Recorded<int> _here = new("a block that is worked on where it was received");

    private FilesMeeting _meeting = null!;

    public ValueTask DisposeAsync() => _meeting.DisposeAsync();

    [Fact]
    public async Task Four_at_once_are_what_was_sent()
    {
        await StartAsync();
        byte[][] contents = [.. new[] { 1000, 3_000_000, 5_242_880, 9_000_001 }.Select(FilesMeeting.Bytes)];
        SharedFile[] files = await Task.WhenAll(contents.Select(async (content, i) => await (await _meeting.ConnectAsync($"Person {i}")).ShareAsync(content, $"file {i}")));
        Assert.Equal(1 + 3 + 5 + 9, _here.Count);
        for (int i = 0; i < files.Length; i++)
        {
            Assert.Equal((FilesMeeting.Hash(contents[i]), BlockHash.Root(RawClient.Hashes(contents[i]))), (files[i].Sha256, files[i].Root));
            Assert.Equal(contents[i], Stored(files[i]));
        }
        Assert.Equal(contents.Sum(content => content.Length), _meeting.StoredBytes);
    }

    [Fact]
    public async Task One_that_began_alone_and_is_alone_again_later_is_what_was_sent()
    {
        await StartAsync(alone: true);
        byte[] content = FilesMeeting.Bytes(12 * BlockLayout.Size);
        RawClient ada = await _meeting.ConnectAsync("Ada");
        await ada.RequestAsync(new CreateUpload("plan.pdf", content.Length));
        int[] blocks = await ada.AnnounceAsync(content);
        foreach (int block in blocks[..4]) await ada.BlockAsync(content, block);
        await ada.Acks.WaitCountAsync(4);
        Assert.Equal(0, _here.Count);
        SomebodyElse();
        foreach (int block in blocks[4..8]) await ada.BlockAsync(content, block);
        await ada.Acks.WaitCountAsync(8);
        Assert.Equal(4, _here.Count);
        _meeting.Hub.Time.Advance(ReceivingUploads.Moment);
        foreach (int block in blocks[8..]) await ada.BlockAsync(content, block);
        await ada.Acks.WaitCountAsync(12);
        Assert.Equal(4, _here.Count);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal(FilesMeeting.Hash(content), file.Sha256);
        Assert.Equal(content, Stored(file));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_block_is_refused_and_only_that_one_sent_again(bool byHash)
    {
        await StartAsync();
        RawClient ada = await _meeting.ConnectAsync("Ada");
        await ada.RequestAsync(Create);
        if (byHash) await ada.AnnounceAsync(Content);
        else await ada.AnnounceChecksumsAsync(Content);
        byte[] wrong = [.. Content];
        wrong[BlockLayout.Size + 77] ^= 1;
        await ada.BlockAsync(Content, 0);
        await ada.BlockAsync(wrong, 1);
        await ada.BlockAsync(Content, 2);
        Assert.Equal(1, (await ada.Again.WaitCountAsync(1))[0].Block);
        Assert.Equal([0, 2], (await ada.Acks.WaitCountAsync(2)).Order());
        Assert.Equal("incomplete", (await Assert.ThrowsAsync<UserErrorException>(() => ada.RequestAsync(new CompleteUpload()))).Code);
        await ada.BlockAsync(Content, 1);
        await ada.Acks.WaitAsync(block => block == 1);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal((FilesMeeting.Hash(Content), 4), (file.Sha256, _here.Count));
        Assert.Equal(Content, Stored(file));
        Assert.Equal(Content.Length, _meeting.StoredBytes);
    }

    [Fact]
    public async Task A_block_that_is_announced_anew_while_it_is_on_its_way_to_the_disk_is_not_the_old_one()
    {
        await StartAsync();
        RawClient ada = await _meeting.ConnectAsync("Ada");
        await ada.RequestAsync(Create);
        await ada.AnnounceAsync(Content);
        byte[] changed = [.. Content];
        changed[0] ^= 1;
        using (var disk = new SlowDisk(_meeting, hangAt: 1))
        {
            await ada.BlockAsync(Content, 0);
            await disk.Hanging;
            await ada.AnnounceAsync(changed);
        }
        foreach (int block in new[] { 1, 2 }) await ada.BlockAsync(changed, block);
        Assert.Equal([1, 2], (await ada.Acks.WaitCountAsync(2)).Order());
        await ada.BlockAsync(changed, 0);
        await ada.Acks.WaitAsync(block => block == 0);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal(FilesMeeting.Hash(changed), file.Sha256);
        Assert.Equal(changed, Stored(file));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_it_is_on_the_disk()
    {
        await StartAsync();
        RawClient ada = await _meeting.ConnectAsync("Ada");
        await ada.RequestAsync(Create);
        await ada.AnnounceAsync(Content);
        using (var disk = new SlowDisk(_meeting, hangAt: 1))
        {
            for (int block = 0; block < 3; block++) await ada.BlockAsync(Content, block);
            await _here.WaitCountAsync(3);
            await disk.Hanging;
            // Answered behind all three: an acknowledgement would have come before.
            Assert.Equal(new[] { 0, 1, 2 }, await ada.AnnounceAsync(Content));
            Assert.Empty(ada.Acks.All);
        }
        await ada.Acks.WaitCountAsync(3);
        Assert.Equal(FilesMeeting.Hash(Content), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("fsync")]
    public async Task A_disk_that_fails_stops_the_upload_with_a_sentence_and_it_goes_on_when_the_disk_does(string what)
    {
        await StartAsync();
        string packs = Path.Combine(_meeting.Hub.Server.DataDirectory, "packs");
        RawClient ada = await _meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceAsync(Content);
        // The first block of all makes the first pack, which has no place then.
        if (what == "write") Directory.Delete(packs);
        else _meeting.Flush = _ => throw new IOException("The disk says no", hresult: 5);
        await ada.BlockAsync(Content, 0);
        Assert.Equal("storage-error", (await ada.Stopped.WaitCountAsync(1))[0].Code);
        await ada.ClosedAsync();
        Assert.Empty(ada.Acks.All);
        Directory.CreateDirectory(packs);
        Assert.Equal((1, 0L), (_here.Count, _meeting.StoredBytes));

        _meeting.Flush = DurableFile.Flush;
        RawClient again = await _meeting.ConnectAsync("Ada");
        Assert.Equal(0, (await again.RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
        foreach (int block in await again.AnnounceAsync(Content)) await again.BlockAsync(Content, block);
        await again.Acks.WaitCountAsync(3);
        SharedFile file = await again.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal((FilesMeeting.Hash(Content), 4), (file.Sha256, _here.Count));
        Assert.Equal(Content, Stored(file));
    }

    /// <summary>A hub whose threads may be kept busy. Its clock stands still, so whatever came is of this moment.</summary>
    private async Task StartAsync(bool alone = false)
    {
        _meeting = await FilesMeeting.StartAsync();
        _meeting.Server.Receiving.IsOwnThread = () =>
        {
            _here.Add(1);
            return true;
        };
        if (!alone) SomebodyElse();
    }

    /// <summary>A block of another upload has just come.</summary>
    private void SomebodyElse()
    {
        _meeting.Server.Receiving.WorksHere("somebody else's");
        _here.Clear();
    }

    private byte[] Stored(SharedFile file)
    {
        byte[] content = new byte[file.Size];
        IReadOnlyList<BlockHash> hashes = _meeting.Server.Store.Blocks(file.Root);
        for (int block = 0; block < hashes.Count; block++)
            _meeting.Server.Store.Read(_meeting.Server.Store.Find(hashes[block])!.Value, content.AsSpan((int)BlockLayout.Offset(block)));
        return content;
    }
}
