using System.Net;
using System.Net.Sockets;

namespace LanCollab.Host.Discovery;

/// <summary>A network interface that is up.</summary>
/// <param name="Index">The system's number of it.</param>
/// <param name="Name">As people see it: <c>eth0</c>.</param>
/// <param name="Loopback">This machine alone.</param>
/// <param name="Virtual">Most likely a bridge, tunnel or virtual machine's: used like all, but its addresses are offered last.</param>
/// <param name="Addresses">IPv4 addresses, and IPv6 addresses that are link-local (or the loopback's).</param>
internal sealed record NetworkLink(int Index, string Name, bool Loopback, bool Virtual, IReadOnlyList<LinkAddress> Addresses)
{
    /// <summary>This machine's address on the link in whose subnet another address lies; null: it is no neighbour.</summary>
    public LinkAddress? Nearest(IPAddress neighbour)
    {
        foreach (LinkAddress address in Addresses)
            if (address.IsNeighbour(neighbour)) return address;
        return null;
    }

    /// <summary>For messages: <c>eth0 (192.168.1.7/24)</c>.</summary>
    public string Title =>
        Addresses.FirstOrDefault(a => !a.IsIPv6) is { } first ? $"{Name} ({first.Address}/{first.PrefixLength})" : $"{Name} (IPv6)";
}

/// <summary>An address of this machine on a link.</summary>
/// <param name="Address">IPv6 with its scope.</param>
/// <param name="PrefixLength">Bits of the subnet.</param>
internal sealed record LinkAddress(IPAddress Address, int PrefixLength)
{
    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>The subnet's broadcast address (RFC 919); null where there is none: IPv6, and point-to-point links (RFC 3021).</summary>
    public IPAddress? Broadcast => IsIPv6 || PrefixLength > 30 ? null : new IPAddress(Bytes(Number(Address) | ~Mask));

    /// <summary>True for an address in the same subnet; of IPv6 link-local ones are neighbours, and the loopback's of itself.</summary>
    public bool IsNeighbour(IPAddress other)
    {
        if (other.AddressFamily != Address.AddressFamily) return false;
        return IsIPv6 ? Address.Equals(other) || (Address.IsIPv6LinkLocal && other.IsIPv6LinkLocal) : (Number(Address) & Mask) == (Number(other) & Mask);
    }

    private uint Mask => PrefixLength == 0 ? 0 : uint.MaxValue << (32 - PrefixLength);

    private static uint Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static byte[] Bytes(uint number)
    {
        byte[] bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
