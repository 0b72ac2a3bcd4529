using CsCheck;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;
using Microsoft.Data.Sqlite;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>Blocks that are announced by their checksum: it says what may be known, and only a hash says what is.</summary>
public sealed class ChecksumTests
{
    private static readonly byte[] Content = FilesMeeting.Bytes(3_000_000);
    private static readonly CreateUpload Create = new("plan.pdf", Content.Length);

    [Fact]
    public async Task What_is_new_is_wanted_at_once_and_what_is_known_after_its_hash()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync(Create);
        WantBlocks news = await ada.AnnounceChecksumsAsync(Content);
        Assert.Equal([[0, 2]], news.Blocks);
        Assert.Null(news.Likely);
        for (int block = 0; block < 3; block++) await ada.BlockAsync(Content, block);
        await ada.Acks.WaitCountAsync(3);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal((FilesMeeting.Hash(Content), BlockHash.Root(RawClient.Hashes(Content))), (file.Sha256, file.Root));

        // Another person, another room: the checksum alone gets nothing.
        RawClient bob = await meeting.ConnectAsync("Bob", "other");
        await bob.RequestAsync(Create with { Name = "another.name" });
        WantBlocks known = await bob.AnnounceChecksumsAsync(Content);
        Assert.Equal([[0, 2]], known.Likely);
        Assert.Empty(known.Blocks);
        Assert.Equal("incomplete", (await Assert.ThrowsAsync<UserErrorException>(() => bob.RequestAsync(new CompleteUpload()))).Code);
        Assert.Empty(bob.Acks.All);
        Assert.Empty(await bob.AnnounceAsync(Content));
        await bob.Acks.WaitCountAsync(3);
        Assert.Equal(file.Root, (await bob.RequestAsync<SharedFile>(new CompleteUpload())).Root);
        Assert.Equal(Content.Length, meeting.StoredBytes);
    }

    [Fact]
    public async Task Two_blocks_with_one_checksum_are_kept_apart_by_their_hashes()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        // No two such blocks are at hand, so the store is told that a block has the checksum of another one, as if somebody had made them.
        byte[] made = FilesMeeting.Bytes(1000), other = FilesMeeting.Bytes(1001)[..1000];
        FileStore store = meeting.Server.Store;
        Peer eve = meeting.NewPeer("Eve");
        (UploadRow row, _) = store.Begin(eve, new CreateUpload("made", made.Length), null);
        Assert.Empty(store.Commit([new StoredBlock(row.Key, 0, BlockHash.Of(made), store.Write(made), BlockChecksum.Of(other))]));
        store.Finish(row, eve, BlockHash.Root([BlockHash.Of(made)]), FilesMeeting.Hash(made));

        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync(new CreateUpload("other", other.Length));
        Assert.Equal([[0, 0]], (await ada.AnnounceChecksumsAsync(other)).Likely);
        Assert.Equal(new[] { 0 }, await ada.AnnounceAsync(other));
        await ada.BlockAsync(other, 0);
        await ada.Acks.WaitCountAsync(1);
        Assert.Equal(FilesMeeting.Hash(other), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        Assert.Equal(2000, meeting.StoredBytes);
    }

    [Fact]
    public async Task After_a_restart_of_the_hub_checksums_are_enough_to_go_on()
    {
        FilesMeeting first = await FilesMeeting.StartAsync();
        RawClient ada = await first.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(Create);
        await ada.AnnounceChecksumsAsync(Content);
        foreach (int block in new[] { 0, 2 }) await ada.BlockAsync(Content, block);
        await ada.Acks.WaitCountAsync(2);

        await using FilesMeeting second = await FilesMeeting.StartAsync(first.Hub.Server.DataDirectory);
        ada = await second.ConnectAsync("Ada");
        Assert.Equal(Content.Length - BlockLayout.Size, (await ada.RequestAsync<UploadCreated>(Create with { Token = created.Token })).Offset);
        WantBlocks rest = await ada.AnnounceChecksumsAsync(Content);
        Assert.Equal([[1, 1]], rest.Blocks);
        Assert.Null(rest.Likely);
        await ada.BlockAsync(Content, 1);
        await ada.Acks.WaitCountAsync(3);
        Assert.Equal(FilesMeeting.Hash(Content), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_block_that_is_another_one_than_before_takes_its_place()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        RawClient ada = await meeting.ConnectAsync("Ada");
        await ada.RequestAsync(Create);
        await ada.AnnounceChecksumsAsync(Content);
        for (int block = 0; block < 3; block++) await ada.BlockAsync(Content, block);
        await ada.Acks.WaitCountAsync(3);
        byte[] changed = [.. Content];
        changed[BlockLayout.Size + 7] ^= 1;
        Assert.Equal([[1, 1]], (await ada.AnnounceChecksumsAsync(changed)).Blocks);
        Assert.Equal("incomplete", (await Assert.ThrowsAsync<UserErrorException>(() => ada.RequestAsync(new CompleteUpload()))).Code);
        await ada.BlockAsync(changed, 1);
        // Two were acknowledged once more when they were announced again.
        await ada.Acks.WaitCountAsync(6);
        Assert.Equal(FilesMeeting.Hash(changed), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
    }

    [Fact]
    public async Task In_a_store_of_before_there_were_checksums_everything_may_be_known()
    {
        FilesMeeting first = await FilesMeeting.StartAsync();
        await (await first.ConnectAsync("Ada")).ShareAsync(Content);
        string folder = first.Hub.Folder.Folder("before");
        FilesMeeting.Copy(first.Hub.Server.DataDirectory, folder);
        Execute(Path.Combine(folder, "store.db"), "DROP INDEX blocks_xxh128; ALTER TABLE blocks DROP COLUMN xxh128");

        await using FilesMeeting second = await FilesMeeting.StartAsync(folder);
        RawClient bob = await second.ConnectAsync("Bob");
        await bob.RequestAsync(Create);
        Assert.Equal([[0, 2]], (await bob.AnnounceChecksumsAsync(Content)).Likely);
        Assert.Empty(await bob.AnnounceAsync(Content));
        await bob.Acks.WaitCountAsync(3);
        Assert.Equal(FilesMeeting.Hash(Content), (await bob.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        // What is new is hashed as well, as it was then.
        (string path, _, string sha256) = second.NewFile(3_000_001);
        TestClientContext ada = await second.JoinAsync("Ada");
        await FilesMeeting.OfferAsync(ada, path);
        Assert.Equal(sha256, (await ada.Page.WaitAsync<UploadDone>()).Sha256);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_hub_may_want_every_hash_before()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync(("HashBeforeUpload", "true"));
        RawClient raw = await meeting.ConnectAsync("Raw");
        await raw.RequestAsync(Create);
        WantBlocks answer = await raw.AnnounceChecksumsAsync(Content);
        Assert.Empty(answer.Blocks);
        Assert.Equal([[0, 2]], answer.Likely);
        (string path, _, string sha256) = meeting.NewFile(3_000_001);
        TestClientContext ada = await meeting.JoinAsync("Ada");
        await FilesMeeting.OfferAsync(ada, path);
        Assert.Equal(sha256, (await ada.Page.WaitAsync<UploadDone>()).Sha256);
    }

    private enum Step { Hash, Checksum, Receive, Refuse, Settle, SettleStale }

    /// <summary>
    /// Three blocks, four contents each can have; what an upload says of them against what plain dictionaries say: complete exactly when every block is durable as what was said of it last.
    /// </summary>
    [Fact]
    public void What_is_said_of_blocks_is_kept_as_a_dictionary_would()
    {
        const int count = 3;
        BlockHash[] hashes = [.. Enumerable.Range(0, 4).Select(i => BlockHash.Of([(byte)i]))];
        BlockChecksum[] sums = [.. Enumerable.Range(0, 4).Select(i => BlockChecksum.Of([(byte)i]))];
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, count - 1], Gen.Int[0, 3]).Array[1, 40].Sample(steps =>
        {
            var blocks = new UploadBlocks((count - 1) * (long)BlockLayout.Size + 5);
            var said = new Dictionary<int, int>();
            var durable = new Dictionary<int, int>();
            foreach (var (step, block, what) in steps)
            {
                switch (step)
                {
                    case Step.Hash or Step.Checksum:
                        bool have = step == Step.Hash ? blocks.Announce(block, hashes[what]) : blocks.Announce(block, sums[what]);
                        // By hash and then by checksum is another claim: then it is told once more which block it is.
                        if (have && durable.GetValueOrDefault(block, -1) != what) return false;
                        if (!have) durable.Remove(block);
                        said[block] = what;
                        break;
                    case Step.Receive:
                        try
                        {
                            BlockClaim claim = blocks.Receive(block);
                            for (int i = 0; i < 4; i++) if (claim.Fits(hashes[i], sums[i]) != (said[block] == i)) return false;
                        }
                        catch (ProtocolErrorException)
                        {
                            if (said.ContainsKey(block)) return false;
                        }
                        break;
                    case Step.Refuse:
                        blocks.Refuse();
                        if (!blocks.AnyReplaced) return false;
                        break;
                    case Step.Settle or Step.SettleStale:
                        if (!said.TryGetValue(block, out int now)) break;
                        int written = step == Step.Settle ? now : what;
                        if (blocks.Settle(new StoredBlock("key", block, hashes[written], null, sums[written])) != (written == now)) return false;
                        if (written == now) durable[block] = now;
                        break;
                }
                long stored = durable.Keys.Sum(key => (long)BlockLayout.Length((count - 1) * (long)BlockLayout.Size + 5, key));
                if (blocks.Stored != stored || blocks.AreComplete != (durable.Count == count)) return false;
                foreach (var (key, value) in durable) if (blocks.Hash(key) != hashes[value]) return false;
            }
            return true;
        }, iter: ModelTests.Cases(20_000));
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
