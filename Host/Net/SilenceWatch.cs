using System.Collections.Concurrent;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// Finds channels whose other end has gone without a word. TCP's own keep-alive asks the next hop, which may be a proxy or a router that lives on; this asks
/// the other program: over a channel that has been silent for a while, in either direction, a ping goes, and whoever is there answers it, whatever the service. A channel of
/// which nothing comes all the same is closed, and a standing one is opened again.
/// </summary>
/// <remarks>
/// Clients ask, also while they are told much and say nothing themselves: so the hub hears of them. It ends the channels of clients that used to ask and do not any more, which
/// would take up one of a person's places for ever. While what is sent still goes out, a channel is alive: a ping that waits behind a long block on a slow link is no death.
/// </remarks>
/// <param name="asks">True on a client.</param>
/// <param name="time">For the looks.</param>
internal sealed class SilenceWatch(bool asks, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Looks without anything heard, or without anything sent, after which the other end is asked, and asked again. Counted and not timed: a machine that slept has not given anybody a chance.</summary>
    public const int Patience = 5;

    /// <summary>Looks after which a client gives the channel up (RELIABILITY: half-open links within 15 s); a hub waits longer, so that the client does it first.</summary>
    public const int ClientLimit = 13, HubLimit = 20;

    private readonly ConcurrentDictionary<FrameChannel, Progress> _watched = new();

    private sealed class Progress
    {
        public long In { get; set; } = -1;

        public long Out { get; set; }

        /// <summary>Looks since something came, and since something went out.</summary>
        public int Unheard { get; set; }

        public int Unsent { get; set; }

        public bool IsDue => IsTurn(Unheard) || IsTurn(Unsent);

        private static bool IsTurn(int looks) => looks > 0 && looks % Patience == 0;
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
            if (!asks && !channel.WasAsked) continue;
            Count(channel, seen);
            if (seen.Unheard >= (asks ? ClientLimit : HubLimit)) Close(channel, seen.Unheard);
            else if (asks && seen.IsDue) channel.Ping();
        }
    }

    private static void Count(FrameChannel channel, Progress seen)
    {
        (long heard, long sent) = (channel.BytesIn, channel.BytesOut);
        bool moves = channel.Queued > 0 && sent != seen.Out;
        seen.Unheard = heard != seen.In || moves ? 0 : seen.Unheard + 1;
        seen.Unsent = sent != seen.Out ? 0 : seen.Unsent + 1;
        (seen.In, seen.Out) = (heard, sent);
    }

    private void Close(FrameChannel channel, int looks)
    {
        Remove(channel);
        channel.Close($"Nothing has come for {looks} s, although it was asked for.");
    }
}
