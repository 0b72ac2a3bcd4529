using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>Where other clients come in for blocks: nobody without the hub's token, and so many at a time.</summary>
/// <param name="holdings">What there is to get.</param>
/// <param name="secrets">Behind the tokens.</param>
/// <param name="options">Of this moment.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class PeerDoor(Holdings holdings, SwarmSecrets secrets, Func<FilesOptions> options, TimeProvider time, ILogger log)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _due;
    private int _inside;
    private long _sentBytes;

    /// <summary>Bytes of blocks that were given to others.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Opens it.</summary>
    /// <returns>The port.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public int Open(IDirectLinks links) => links.Listen(new StreamService(FilesServerPlugin.Service, options().SwarmPort), Admit, ServeAsync);

    private bool Admit(DirectCaller caller) =>
        Volatile.Read(ref _inside) < options().SwarmPeers && secrets.Allow(caller.Token, caller.Fingerprint) && holdings.Find(SwarmToken.FileOf(caller.Token)) is not null;

    private async Task ServeAsync(DirectCaller caller, IChannel channel, CancellationToken cancellationToken)
    {
        if (holdings.Find(SwarmToken.FileOf(caller.Token)) is not { } holding) return;
        Interlocked.Increment(ref _inside);
        try
        {
            await new PeerServing(holding, channel, PaceAsync, log).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>All who are served share the limit: each block waits until the ones before it have had their time.</summary>
    private async ValueTask PaceAsync(int bytes, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _sentBytes, bytes);
        long limit = options().SwarmLimit;
        if (limit == 0) return;
        TimeSpan wait;
        lock (_lock)
        {
            TimeSpan now = time.GetElapsedTime(_start);
            wait = _due - now;
            _due = (_due > now ? _due : now) + TimeSpan.FromSeconds((double)bytes / limit);
        }
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }
}
