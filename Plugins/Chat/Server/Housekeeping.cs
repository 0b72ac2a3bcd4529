using LanCollab.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>Forgets what is old, once a minute and whenever what is to be kept has changed.</summary>
internal sealed class Housekeeping(ChatStore store, ILiveOptions<ChatOptions> options, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _changed = new(0, 1);

    /// <summary>Runs until the program stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        options.Changed += Wake;
        using ITimer timer = time.CreateTimer(_ => Wake(options.Current), null, Every, Every);
        while (true)
        {
            Tidy(cancellationToken);
            await _changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Wake(ChatOptions current)
    {
        lock (_changed)
            if (_changed.CurrentCount == 0) _changed.Release();
    }

    private void Tidy(CancellationToken cancellationToken)
    {
        try
        {
            ChatOptions kept = options.Current;
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset? oldest = kept.HistoryDays > 0 ? now.AddDays(-kept.HistoryDays) : null;
            int gone = store.Retention.Apply(kept.HistoryLines, oldest, now - ChatWire.KeyLife, cancellationToken);
            if (gone > 0) ChatLog.Forgotten(log, gone);
        }
        catch (SqliteException e)
        {
            // A full disk or a lock passes; the next minute tries again.
            ChatLog.TidyFailed(log, e.Message);
        }
    }
}
