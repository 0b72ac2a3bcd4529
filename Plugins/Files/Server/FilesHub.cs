using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>What all connections of the hub share.</summary>
internal sealed class FilesHub(FilesOptions options, FileStore store, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    public FilesOptions Options { get; } = options;

    public FileStore Store { get; } = store;

    public ILogger Log { get; } = log;

    public RoomWatchers Watchers { get; } = new(log);

    public UploadSessions Sessions { get; } = new();

    public TransferCount Transfers { get; } = new(options.MaxTransfersPerPerson);

    /// <summary>Throws an unfinished upload away, also while somebody writes to it.</summary>
    public async Task DiscardAsync(string key)
    {
        if (Sessions.Current(key) is { } session) await session.DetachAsync().ConfigureAwait(false);
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
        catch (Exception e) when (StoreFailedException.IsStore(e))
        {
            FilesLog.SweepFailed(Log, e);
        }
    }

    public void Dispose() => Store.Dispose();

    private void Announce(FileRow row)
    {
        Watchers.Change(row.Room, () => new FileWithdrawn(row.File.Id, "expired"));
        FilesLog.Gone(Log, row.File.Id, "expired");
    }
}
