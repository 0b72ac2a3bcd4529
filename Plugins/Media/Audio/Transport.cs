using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The daemon's way to the hub: datagrams, and the control channel (TLS) for as long as the hub does not answer on UDP. Asked about twice a second.
/// </summary>
internal sealed class Transport(IClientDatagrams datagrams, ServiceLink link, TimeProvider time)
{
    // The first pings are under way: nothing is known yet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private volatile bool _tunnel;
    private long _opened;

    /// <summary>True: over TLS.</summary>
    public bool IsTunnel => _tunnel;

    /// <summary><c>udp</c> or <c>tls</c>.</summary>
    public string Name => _tunnel ? "tls" : "udp";

    /// <summary>A new control channel is up.</summary>
    public void Opened() => _opened = time.GetTimestamp();

    /// <summary>Looks again; true when the way has changed.</summary>
    public bool Review()
    {
        bool before = _tunnel;
        _tunnel = link.IsOpen && !datagrams.Reachable && time.GetElapsedTime(_opened) > Patience;
        return _tunnel != before;
    }

    /// <summary>Sends a packet.</summary>
    public bool Send(ReadOnlySpan<byte> packet)
    {
        if (!link.IsOpen) return false;
        return _tunnel ? AudioPaths.TryTunnel(Channel, packet) : datagrams.TrySend(packet);
    }

    private IChannel? Channel
    {
        get
        {
            try
            {
                return link.Current.Channel;
            }
            catch (UserErrorException)
            {
                return null; // closed since
            }
        }
    }
}
