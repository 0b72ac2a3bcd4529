namespace LanCollab.Contracts;

/// <summary>
/// Receives an authentic datagram that is not a replay. Called on the receive loop, one at a time for each service:
/// it must be quick, must not block, and must not keep the span. An exception is logged as the plugin's fault.
/// </summary>
public delegate void DatagramHandler(Peer from, ReadOnlySpan<byte> payload);

/// <summary>As <see cref="DatagramHandler"/>, from the hub.</summary>
public delegate void ClientDatagramHandler(ReadOnlySpan<byte> payload);

/// <summary>Limits of datagrams.</summary>
public static class DatagramLimits
{
    /// <summary>The longest datagram on the wire, in bytes, header and tag included: fits every LAN without IP fragments.</summary>
    public const int MaxDatagram = 1200;

    /// <summary>Version/kind, session, packet number, tag.</summary>
    public const int Overhead = 1 + 4 + 6 + 16;

    /// <summary>The longest payload.</summary>
    public const int MaxPayload = MaxDatagram - Overhead;
}

/// <summary>The hub's end of a datagram service. Sending allocates nothing.</summary>
public interface IServerDatagrams
{
    /// <summary>Encrypts and sends. May be called from any thread.</summary>
    /// <returns>False when the peer has gone, or no authentic packet from it has come yet, so that its address is unknown.</returns>
    bool TrySend(Peer to, ReadOnlySpan<byte> payload);

    /// <summary>
    /// Encrypts and sends several datagrams to one peer in one call of the operating system where it can (UDP segmentation offload on Linux), else one
    /// after the other. May be called from any thread.
    /// </summary>
    /// <param name="to">Who gets them.</param>
    /// <param name="payloads">The payloads one after the other, each <paramref name="size"/> bytes but the last, which may be shorter.</param>
    /// <param name="size">Of a payload, 1 to <see cref="DatagramLimits.MaxPayload"/>.</param>
    /// <returns>False as for <see cref="TrySend"/>, or when some of them were not taken.</returns>
    bool TrySendMany(Peer to, ReadOnlySpan<byte> payloads, int size)
    {
        bool sent = true;
        for (; payloads.Length > size; payloads = payloads[size..]) sent &= TrySend(to, payloads[..size]);
        return TrySend(to, payloads) && sent;
    }
}

/// <summary>A client's end of a datagram service. Sending allocates nothing.</summary>
public interface IClientDatagrams
{
    /// <summary>Encrypts and sends. May be called from any thread. False when this client is in no room.</summary>
    bool TrySend(ReadOnlySpan<byte> payload);

    /// <summary>As <see cref="IServerDatagrams.TrySendMany"/>, to the hub.</summary>
    bool TrySendMany(ReadOnlySpan<byte> payloads, int size)
    {
        bool sent = true;
        for (; payloads.Length > size; payloads = payloads[size..]) sent &= TrySend(payloads[..size]);
        return TrySend(payloads) && sent;
    }

    /// <summary>True while the hub answers the shell's own pings on this port.</summary>
    bool Reachable { get; }

    /// <summary>Round trip of the last ping; null before the first answer.</summary>
    TimeSpan? RoundTrip { get; }
}
