using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>What all connections of the hub share.</summary>
internal sealed class FilesHub(Func<FilesOptions> options, FileStore store, TimeProvider time, ILogger log) : IDisposable
{
    private const int CachedBlocks = 12;

    /// <summary>Blocks under way to all receivers together, which bounds the hub's memory whoever asks.</summary>
    private const int MostUnderWay = 16;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private int _downloads;
    private long _sentBytes;

    /// <summary>Of this moment.</summary>
    public FilesOptions Options => options();

    public FileStore Store { get; } = store;

    public ILogger Log { get; } = log;

    public RoomWatchers Watchers { get; } = new(log);

    public SwarmTracker Swarm { get; } = new(store, options, time);

    public UploadSessions Sessions { get; } = new();

    public GroupCommit Commits { get; } = new(store, log);

    public BlockCache Cache { get; } = new(CachedBlocks);

    public TransferCount Transfers { get; } = new(() => options().MaxTransfersPerPerson);

    public IncomingBlocks Incoming { get; } = new();

    public ReceivingUploads Receiving { get; } = new(time);

    /// <summary>Who is in a room.</summary>
    public required Func<string, IReadOnlyList<Peer>> Members { get; init; }

    /// <summary>Looks somebody in a room up: by seat, as the page knows people; else by name, as scripts do.</summary>
    public Peer? FindPeer(string room, string person)
    {
        IReadOnlyList<Peer> members = Members(room);
        return members.FirstOrDefault(peer => peer.Id == person) ?? members.FirstOrDefault(peer => peer.Name == person);
    }

    /// <summary>Bytes of blocks that were sent to receivers.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>One more download; how many blocks it may have under way.</summary>
    public int DownloadWindow() => Math.Clamp(MostUnderWay / Interlocked.Increment(ref _downloads), 2, 6);

    /// <summary>One download less.</summary>
    public void DownloadEnded() => Interlocked.Decrement(ref _downloads);

    /// <summary>A block goes out.</summary>
    public void Sent(int bytes) => Interlocked.Add(ref _sentBytes, bytes);

    /// <summary>Throws an unfinished upload away, also while somebody works on it.</summary>
    public void Discard(string key)
    {
        Sessions.Current(key)?.GiveWay();
        Store.Discard(key);
    }

    /// <summary>Removes what is too old, once a minute.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SweepEvery, time);
        do
        {
            SweepOnce();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Removes what is too old now.</summary>
    public void SweepOnce()
    {
        try
        {
            foreach (FileRow row in Store.RemoveExpired()) Announce(row);
            string[] abandoned = [.. Store.Abandoned().Where(key => Sessions.Current(key) is null)];
            foreach (string key in abandoned) Store.Discard(key);
            if (abandoned.Length > 0) FilesLog.UploadsExpired(Log, abandoned.Length);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            FilesLog.SweepFailed(Log, e);
        }
    }

    public void Dispose() => Store.Dispose();

    private void Announce(FileRow row)
    {
        Swarm.Forget(row.File.Id);
        Watchers.Change(row, () => new FileWithdrawn(row.File.Id, "expired"));
        FilesLog.Gone(Log, row.File.Id, "expired");
    }
}
