using System.Net;
using System.Net.Sockets;

namespace LanCollab.Host.Discovery;

/// <summary>The networks of this machine, as discovery needs them. Real: <see cref="SystemNetwork"/>; tests have a model.</summary>
internal interface INetwork
{
    /// <summary>The interfaces that are up and have an address. Cheap enough to be asked every second.</summary>
    IReadOnlyList<NetworkLink> Links();

    /// <summary>Raised when the system says that something has changed; not every change is said.</summary>
    event Action Changed;

    /// <summary>Opens the port on which all programs of a machine hear groups and broadcasts of all interfaces.</summary>
    /// <exception cref="SocketException">A program has the port for itself, or the family is not there.</exception>
    IDiscoverySocket Listen(AddressFamily family, int port);

    /// <summary>Opens a socket that sends from an address of an interface, and hears what is sent to it alone.</summary>
    /// <exception cref="SocketException">The address is not usable (yet).</exception>
    IDiscoverySocket Open(NetworkLink link, LinkAddress address);
}

/// <summary>A UDP socket.</summary>
internal interface IDiscoverySocket : IDisposable
{
    /// <summary>Takes part in a group on one interface.</summary>
    /// <exception cref="SocketException">The system refuses: too many groups, no multicast on it.</exception>
    void Join(IPAddress group, int link);

    /// <summary>Leaves it again; nothing happens when it is not in it.</summary>
    void Leave(IPAddress group, int link);

    /// <summary>Sends at once or fails; never waits.</summary>
    /// <exception cref="SocketException">It was not sent.</exception>
    void Send(ReadOnlySpan<byte> datagram, IPEndPoint to);

    /// <summary>The next datagram. Longer ones are cut to the buffer.</summary>
    /// <exception cref="SocketException">An error of one datagram, or of all.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    ValueTask<HeardDatagram> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>Where a datagram came from.</summary>
/// <param name="Length">Bytes in the buffer.</param>
/// <param name="From">The sender.</param>
/// <param name="Link">The interface it came in by.</param>
internal readonly record struct HeardDatagram(int Length, IPEndPoint From, int Link);
