namespace LanCollab.Plugins.Session;

/// <summary>
/// Dials as one does on a network that may just have come back. The system sends a connection's first packet again only after 1, 3 and 7 s:
/// too seldom to be back within a second of a cable. So an attempt without an outcome gets company after a moment, and the first that
/// has an outcome counts.
/// </summary>
internal static class Redial
{
    /// <summary>A hub on a local network that answers at all mostly does so sooner.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);

    private const int AtOnce = 4;

    /// <summary>Dials until an attempt succeeds or is refused.</summary>
    /// <param name="dial">One attempt.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends all of them.</param>
    /// <exception cref="UserErrorException">That of the attempt.</exception>
    public static async Task<IChannel> DialAsync(Func<CancellationToken, Task<IChannel>> dial, TimeProvider time, CancellationToken cancellationToken)
    {
        var attempts = new List<Task<IChannel>>(AtOnce);
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IChannel>? settled = null;
        try
        {
            while (settled is null)
            {
                if (attempts.Count < AtOnce) attempts.Add(dial(rest.Token));
                Task moment = attempts.Count < AtOnce ? Task.Delay(Moment, time, rest.Token) : Task.Delay(Timeout.InfiniteTimeSpan, time, rest.Token);
                Task first = await Task.WhenAny([.. attempts, moment]).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                settled = attempts.Find(attempt => attempt == first);
            }
            return await settled.ConfigureAwait(false);
        }
        finally
        {
            await rest.CancelAsync().ConfigureAwait(false);
            foreach (Task<IChannel> other in attempts.Where(attempt => attempt != settled)) _ = HangUpAsync(other);
        }
    }

    /// <summary>An attempt that comes too late is nobody's.</summary>
    private static async Task HangUpAsync(Task<IChannel> late)
    {
        await ((Task)late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!late.IsCompletedSuccessfully) return;
        IChannel channel = await late.ConfigureAwait(false);
        channel.Close("Another attempt was sooner.");
        await channel.DisposeAsync().ConfigureAwait(false);
    }
}
