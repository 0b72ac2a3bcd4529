using System.Collections.Concurrent;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// Finds channels whose other end has gone without a word. TCP's own keep-alive asks the next hop, which may be a proxy or a router that lives on; this asks
/// the other program: a channel that has been silent for a while is sent a ping, and whoever is there answers it, whatever the service. A channel of which
/// nothing comes all the same is closed, and a standing one is opened again.
/// </summary>
/// <remarks>
/// Clients ask. A hub only ends what it can be sure of: the channels of clients that used to ask and do not any more, which would take up one of a person's
/// places for ever. While what is sent still goes out, a channel is alive: a ping that waits behind a long block on a slow link is no death.
/// </remarks>
/// <param name="asks">True on a client.</param>
/// <param name="time">For the looks.</param>
internal sealed class SilenceWatch(bool asks, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Looks without anything heard after which the other end is asked, and asked again. Counted and not timed: a machine that slept has not given anybody a chance.</summary>
    public const int Patience = 5;

    /// <summary>Looks after which a client gives the channel up (RELIABILITY: half-open links within 15 s); a hub waits longer, so that the client does it first.</summary>
    public const int ClientLimit = 13, HubLimit = 20;

    private readonly ConcurrentDictionary<FrameChannel, Progress> _watched = new();

    private sealed class Progress
    {
        public long In { get; set; } = -1;

        public long Out { get; set; }

        public int Looks { get; set; }
    }

    public void Add(FrameChannel channel) => _watched[channel] = new Progress();

    public void Remove(FrameChannel channel) => _watched.TryRemove(channel, out _);

    /// <summary>Looks until the token ends.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Ticker.RunAsync(Interval, time, Look, cancellationToken);

    /// <summary>Looks at every channel once.</summary>
    public void Look()
    {
        foreach ((FrameChannel channel, Progress seen) in _watched)
        {
            if (IsAlive(channel, seen)) continue;
            if (seen.Looks >= (asks ? ClientLimit : HubLimit)) Close(channel, seen.Looks);
            else if (asks && seen.Looks % Patience == 0) channel.Ping();
        }
    }

    private bool IsAlive(FrameChannel channel, Progress seen)
    {
        (long heard, long sent) = (channel.BytesIn, channel.BytesOut);
        bool busy = channel.Queued > 0 && sent != seen.Out;
        bool alive = heard != seen.In || busy || (!asks && !channel.WasAsked);
        seen.Looks = alive ? 0 : seen.Looks + 1;
        (seen.In, seen.Out) = (heard, sent);
        return alive;
    }

    private void Close(FrameChannel channel, int looks)
    {
        Remove(channel);
        channel.Close($"Nothing has come for {looks} s, although it was asked for.");
    }
}
