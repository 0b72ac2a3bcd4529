using System.Net;

namespace LanCollab.Host.Net;

/// <summary>Addresses that lead nowhere but to this machine.</summary>
internal static class Loopback
{
    /// <summary>127.0.0.0/8 and ::1, also written as IPv4 in IPv6.</summary>
    public static bool Is(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
