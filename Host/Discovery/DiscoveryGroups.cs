using System.Net;
using System.Net.Sockets;

namespace LanCollab.Host.Discovery;

/// <summary>The multicast groups of discovery; why these: <c>docs/decisions</c>.</summary>
internal static class DiscoveryGroups
{
    /// <summary>IPv4, local scope (RFC 2365, 6.1).</summary>
    public static readonly IPAddress IPv4 = new([239, 255, 58, 69]);

    /// <summary>IPv6, transient, link-local scope (RFC 4291, 2.7).</summary>
    public static readonly IPAddress IPv6 = IPAddress.Parse("ff12::4c61:6e43:6f6c");

    /// <summary>Both families.</summary>
    public static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    /// <summary>The group of a family.</summary>
    public static IPAddress Of(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPv6 : IPv4;
}
