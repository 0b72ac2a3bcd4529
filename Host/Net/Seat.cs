using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>An admitted peer: its secrets and its open channels.</summary>
internal sealed class Seat(Peer peer, string token, uint session, byte[] secret)
{
    /// <summary>Open channels of one person: the plugins' standing ones and their transfers are far fewer.</summary>
    public const int MaxChannels = 64;

    private readonly HashSet<FrameChannel> _channels = [];
    private string? _revoked;

    public Peer Peer { get; } = peer;

    public string Token { get; } = token;

    public uint Session { get; } = session;

    /// <summary>32 bytes that datagram keys are derived from.</summary>
    public byte[] Secret { get; } = secret;

    /// <summary>False when the seat has been revoked meanwhile.</summary>
    public bool TryAttach(FrameChannel channel)
    {
        lock (_channels) return _revoked is null && _channels.Count < MaxChannels && _channels.Add(channel);
    }

    public bool IsFull
    {
        get { lock (_channels) return _channels.Count >= MaxChannels; }
    }

    public void Detach(FrameChannel channel)
    {
        lock (_channels) _channels.Remove(channel);
    }

    public void Revoke(string reason)
    {
        FrameChannel[] open;
        lock (_channels)
        {
            _revoked ??= reason;
            open = [.. _channels];
        }
        foreach (FrameChannel channel in open) channel.Close(reason);
    }
}
