namespace LanCollab.Plugins.Screen;

/// <summary>Two loops that live and die together.</summary>
internal static class Pair
{
    /// <summary>Runs both; when one ends, for whatever reason, the other is cancelled. Throws what the first one threw.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> one, Func<CancellationToken, Task> other, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task first = one(both.Token), second = other(both.Token);
        Task ended = await Task.WhenAny(first, second).ConfigureAwait(false);
        await both.CancelAsync().ConfigureAwait(false);
        // The one that was cancelled has nothing to tell: the reason is with the one that ended first.
        await (ended == first ? second : first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.ConfigureAwait(false);
    }
}
