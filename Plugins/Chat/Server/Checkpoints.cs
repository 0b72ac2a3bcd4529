using LanCollab.Plugins.Chat.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>
/// Moves what is in the history's log into its file, beside the one who writes. SQLite would do it within the commit of some line, every thousand pages: that line, and those behind it, would
/// wait for the disk many times longer than the others, and a failure would be told to nobody.
/// </summary>
/// <param name="store">Whose log.</param>
/// <param name="file">Where it lies.</param>
/// <param name="log">For a disk that fails.</param>
/// <param name="time">For the looks.</param>
internal sealed class Checkpoints(ChatStore store, SqliteFile file, ILogger log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of the log from which on it is worth it, and from which on those who write are made to wait: under a load that never pauses the log would have no end.</summary>
    public const long Worth = 1024 * 1024, TooMuch = 64 * Worth;

    private readonly SqliteConnection _connection = file.Connect();
    private bool _failed;

    /// <summary>Runs until the program stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false)) Look();
    }

    /// <summary>Moves the log when it is long.</summary>
    public void Look()
    {
        long length = file.LogLength;
        if (length < Worth || store.Broken) return;
        try
        {
            if (length >= TooMuch) store.WhileNobodyWrites(() => Move("TRUNCATE"));
            Move("PASSIVE");
            // What came meanwhile is little, and waits now: SQLite flushes the file, and begins the log anew, only when it has moved the very last line.
            store.WhileNobodyWrites(() => Move("PASSIVE"));
            _failed = false;
        }
        catch (SqliteException e)
        {
            // What of the file is on the disk is unknown now, and the log may be the only place of lines that seem to be in it.
            if (StoreErrors.IsDiskFailure(e)) store.Break();
            if (!_failed) ChatLog.CheckpointFailed(log, e);
            _failed = true;
        }
    }

    private void Move(string how)
    {
        var checkpoint = new Statement(_connection, $"PRAGMA wal_checkpoint({how})");
        checkpoint.Run();
    }

    public void Dispose() => _connection.Dispose();
}
