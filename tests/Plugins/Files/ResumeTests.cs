using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class ResumeTests
{
    private const int Size = 6_000_000;

    /// <summary>More than may be under way: one flush cannot be for all of it, however late it comes.</summary>
    private const int Long = (UploadSession.Window + 2) * BlockLayout.Size;

    [Fact]
    public async Task After_a_kill_the_upload_goes_on_by_itself_at_the_last_durable_byte()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        var (path, _, sha256) = meeting.NewFile(Long);
        string data;
        using (var disk = new SlowDisk(meeting, hangAt: 2))
        {
            TestClientContext ada = await meeting.JoinAsync("Ada");
            await FilesMeeting.OfferAsync(ada, path);
            await disk.Hanging;
            data = ada.DataDirectory;
            await ada.DisposeAsync();
        }
        TestClientContext again = await meeting.JoinAsync("Ada", before: data);
        UploadDone done = await again.Page.WaitAsync<UploadDone>();
        Assert.Equal((sha256, true), (done.Sha256, done.ResumedFrom is > 0 and <= Long));
        Assert.Equal(sha256, Assert.Single(meeting.List()).Sha256);
    }

    [Fact]
    public async Task After_a_cut_the_upload_goes_on_at_the_last_durable_byte()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        var (path, _, sha256) = meeting.NewFile(Long);
        TestClientContext ada = await meeting.JoinAsync("Ada");
        using (var disk = new SlowDisk(meeting, hangAt: 2))
        {
            await FilesMeeting.OfferAsync(ada, path);
            await disk.Hanging;
            ada.Cut();
        }
        UploadDone done = await ada.Page.WaitAsync<UploadDone>();
        Assert.Equal((sha256, true), (done.Sha256, done.ResumedFrom is > 0 and <= Long));
    }

    [Fact]
    public async Task After_a_restart_of_the_hub_the_upload_goes_on_and_the_list_is_there()
    {
        FilesMeeting first = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        RawClient ada = await first.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(new CreateUpload("plan.pdf", Size));
        await ada.AnnounceAsync(content);
        foreach (int block in new[] { 1, 4 }) await ada.BlockAsync(content, block);
        await ada.Acks.WaitCountAsync(2);
        TestClientContext bob = await first.JoinAsync("Bob");
        await FilesMeeting.OfferAsync(bob, first.NewFile(10, "other.txt").Path);
        await bob.Page.WaitAsync<UploadDone>();

        // What a kill leaves: the folder as it is at this moment, with the database still open.
        await using FilesMeeting second = await FilesMeeting.StartAsync(first.Hub.Server.DataDirectory);
        Assert.Equal("other.txt", Assert.Single(second.List()).Name);
        ada = await second.ConnectAsync("Ada");
        UploadCreated resumed = await ada.RequestAsync<UploadCreated>(new CreateUpload("plan.pdf", Size, Token: created.Token));
        Assert.Equal((created.Token, 2L * BlockLayout.Size), (resumed.Token, resumed.Offset));
        Assert.Equal(new[] { 0, 2, 3, 5 }, await ada.AnnounceAsync(content));
        foreach (int block in new[] { 0, 2, 3, 5 }) await ada.BlockAsync(content, block);
        await ada.Acks.WaitCountAsync(6);
        Assert.Equal(FilesMeeting.Hash(content), (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_new_connection_takes_over_at_once_from_one_that_hangs()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(3_000_000);
        RawClient old = await meeting.ConnectAsync("Ada");
        UploadCreated created = await old.RequestAsync<UploadCreated>(new CreateUpload("plan.pdf", content.Length));
        await old.AnnounceAsync(content);
        await old.BlockAsync(content, 0);
        await old.Acks.WaitCountAsync(1);
        // The disk hangs below the old connection, and the new one does not wait for it.
        using var disk = new SlowDisk(meeting, hangAt: 1);
        await old.BlockAsync(content, 1);
        await disk.Hanging;

        RawClient fresh = await meeting.ConnectAsync("Ada");
        UploadCreated resumed = await fresh.RequestAsync<UploadCreated>(new CreateUpload("plan.pdf", content.Length, Token: created.Token));
        Assert.Equal(BlockLayout.Size, resumed.Offset);
        await old.ClosedAsync();
        disk.Dispose();
        foreach (int block in await fresh.AnnounceAsync(content)) await fresh.BlockAsync(content, block);
        await fresh.Acks.UntilAsync(acks => acks.Distinct().Count() == 3);
        Assert.Equal(FilesMeeting.Hash(content), (await fresh.RequestAsync<SharedFile>(new CompleteUpload())).Sha256);
        Assert.Single(meeting.List());
        Assert.Equal(content.Length, meeting.StoredBytes);
    }

    [Fact]
    public async Task A_lost_reply_to_complete_is_said_again_and_nothing_is_shared_twice()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(1000);
        RawClient ada = await meeting.ConnectAsync("Ada");
        UploadCreated created = await ada.RequestAsync<UploadCreated>(new CreateUpload("plan.pdf", 1000));
        await ada.AnnounceAsync(content);
        await ada.BlockAsync(content, 0);
        await ada.Acks.WaitCountAsync(1);
        SharedFile file = await ada.RequestAsync<SharedFile>(new CompleteUpload());
        Assert.Equal(file.Id, (await ada.RequestAsync<SharedFile>(new CompleteUpload())).Id);

        RawClient again = await meeting.ConnectAsync("Ada");
        UploadCreated resumed = await again.RequestAsync<UploadCreated>(new CreateUpload("plan.pdf", 1000, Token: created.Token));
        Assert.Equal(1000, resumed.Offset);
        Assert.Equal(file.Id, (await again.RequestAsync<SharedFile>(new CompleteUpload())).Id);
        Assert.Single(meeting.List());
    }

    [Fact]
    public void What_was_written_before_anything_was_known_is_read_again()
    {
        using var folder = new TempFolder();
        var log = new TestLog();
        var file = new SharedFile("id", "a", 1, "", "", "", DateTimeOffset.UnixEpoch, "");
        // Killed before the hub gave a token, and before the part was made.
        new TransferJournal(folder.Path, log).Put(new UploadEntry("u", "/a", "a", 1, DateTimeOffset.UnixEpoch, "store", "room", Token: null));
        new TransferJournal(folder.Path, log).Put(new DownloadEntry(file, "store", "room", "/to", "a", Part: null));
        JournalState state = new TransferJournal(folder.Path, log).State;
        Assert.Equal(("u", "id"), (Assert.Single(state.Uploads).Upload, Assert.Single(state.Downloads).File.Id));
    }

    [Fact]
    public async Task A_transfer_rests_and_goes_on_also_over_a_restart()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        var (path, _, sha256) = meeting.NewFile(Long);
        TestClientContext ada = await meeting.JoinAsync("Ada");
        UploadStarted started;
        using (var disk = new SlowDisk(meeting, hangAt: 2))
        {
            started = await FilesMeeting.OfferAsync(ada, path);
            await disk.Hanging;
            await ada.Page.RequestAsync(new PauseTransfer(started.Upload));
            await ada.Page.WaitAsync<TransferProgress>(progress => progress.State == "paused");
        }
        await ada.DisposeAsync();
        TestClientContext again = await meeting.JoinAsync("Ada", before: ada.DataDirectory);
        await again.Page.WaitAsync<TransferProgress>(progress => progress.State == "paused");
        Assert.Empty(meeting.List());
        await again.Page.RequestAsync(new ResumeTransfer(started.Upload));
        Assert.Equal(sha256, (await again.Page.WaitAsync<UploadDone>()).Sha256);
        Assert.Equal("unknown-transfer", (await Assert.ThrowsAsync<UserErrorException>(() => again.Page.RequestAsync(new PauseTransfer("none")))).Code);
    }

    [Fact]
    public async Task After_a_kill_the_download_goes_on_by_itself_at_the_last_byte()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        var (path, content, _) = meeting.NewFile(Size);
        await FilesMeeting.OfferAsync(ada, path);
        SharedFile file = await bob.Page.WaitAsync<SharedFile>();
        string folder = meeting.Hub.Folder.Folder("in"), part = Path.Combine(folder, "plan.pdf.part");
        await bob.DisposeAsync();

        // What a kill leaves: a part with the first bytes, and the journal's entry.
        await File.WriteAllBytesAsync(part, content[..2_500_000], TestContext.Current.CancellationToken);
        var journal = new TransferJournal(bob.DataDirectory, meeting.Hub.Log);
        journal.Put(new DownloadEntry(file, meeting.Server.Store.Id, "room", folder, "plan.pdf", part));
        TestClientContext again = await meeting.JoinAsync("Bob", before: bob.DataDirectory);
        DownloadDone done = await again.Page.WaitAsync<DownloadDone>();
        Assert.Equal(2 * BlockLayout.Size, done.ResumedFrom);
        Assert.Equal(content, await File.ReadAllBytesAsync(done.Path, TestContext.Current.CancellationToken));
        Assert.Equal(["plan.pdf"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_part_with_wrong_bytes_is_noticed_and_fetched_anew()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        var (path, content, _) = meeting.NewFile(1_000_000);
        await FilesMeeting.OfferAsync(ada, path);
        await ada.Page.WaitAsync<UploadDone>();
        SharedFile file = await ada.Page.WaitAsync<SharedFile>();
        await ada.DisposeAsync();
        string folder = meeting.Hub.Folder.Folder("in"), part = Path.Combine(folder, "plan.pdf.part");
        await File.WriteAllBytesAsync(part, new byte[300_000], TestContext.Current.CancellationToken);
        new TransferJournal(ada.DataDirectory, meeting.Hub.Log).Put(new DownloadEntry(file, meeting.Server.Store.Id, "room", folder, "plan.pdf", part));
        TestClientContext again = await meeting.JoinAsync("Bob", before: ada.DataDirectory);
        DownloadDone done = await again.Page.WaitAsync<DownloadDone>();
        Assert.Equal(0, done.ResumedFrom);
        Assert.Equal(content, await File.ReadAllBytesAsync(done.Path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_source_that_has_changed_is_uploaded_anew_with_a_notice()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        var (path, _, _) = meeting.NewFile(Long);
        TestClientContext ada = await meeting.JoinAsync("Ada");
        string data;
        using (var disk = new SlowDisk(meeting, hangAt: 2))
        {
            await FilesMeeting.OfferAsync(ada, path);
            await disk.Hanging;
            data = ada.DataDirectory;
            await ada.DisposeAsync();
        }
        byte[] other = FilesMeeting.Bytes(2_123_456);
        await File.WriteAllBytesAsync(path, other, TestContext.Current.CancellationToken);
        TestClientContext again = await meeting.JoinAsync("Ada", before: data);
        UploadDone done = await again.Page.WaitAsync<UploadDone>();
        Assert.Equal((FilesMeeting.Hash(other), 0L), (done.Sha256, done.ResumedFrom));
        Assert.Contains("has changed", (await again.Page.WaitAsync<FilesNotice>()).Text);
        Assert.Equal(other.Length, meeting.StoredBytes);
    }

    [Fact]
    public async Task A_cancelled_upload_leaves_nothing()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        UploadStarted started;
        Task cancelled;
        using (var disk = new SlowDisk(meeting, hangAt: 2))
        {
            started = await FilesMeeting.OfferAsync(ada, meeting.NewFile(Long).Path);
            await disk.Hanging;
            cancelled = ada.Page.RequestAsync(new CancelTransfer(started.Upload));
        }
        await cancelled;
        await ada.Page.WaitAsync<TransferProgress>(progress => progress.State == "cancelled");
        Assert.Equal(0, meeting.StoredBytes);
        Assert.Empty(meeting.List());
        Assert.Empty(new TransferJournal(ada.DataDirectory, meeting.Hub.Log).State.Uploads);
    }
}

/// <summary>A hub's disk whose n-th flush hangs until disposal, so that a test can act in the middle of an upload.</summary>
internal sealed class SlowDisk : IDisposable
{
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _go = new();
    private int _flushes;

    private readonly FilesMeeting _meeting;

    public SlowDisk(FilesMeeting meeting, int hangAt)
    {
        _meeting = meeting;
        meeting.Flush = file =>
        {
            if (Interlocked.Increment(ref _flushes) == hangAt)
            {
                _hanging.SetResult();
                _go.Wait(Recorded<int>.Patience);
            }
            DurableFile.Flush(file);
        };
    }

    public Task Hanging => _hanging.Task.WaitAsync(Recorded<int>.Patience);

    public void Dispose()
    {
        _go.Set();
        _meeting.Flush = DurableFile.Flush;
    }
}
