using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LanCollab.Host.Discovery;

/// <summary>What a datagram of discovery is.</summary>
internal enum DiscoveryKind : byte
{
    /// <summary>A client asks who is there.</summary>
    Probe = 1,

    /// <summary>A server tells all.</summary>
    Announcement = 2,

    /// <summary>A server tells the client that asked.</summary>
    Answer = 3,
}

/// <summary>What a server says of itself.</summary>
/// <param name="Instance">Random for each start: another one means that the server was started again.</param>
/// <param name="Port">The TCP port of the service that people dial.</param>
/// <param name="Rooms">Rooms with somebody in them.</param>
/// <param name="Lifetime">Seconds for which this holds; 0: the server goes.</param>
/// <param name="Protocol">The protocol's major version, as in the first frame of a connection.</param>
/// <param name="Dialable">Whether the server takes connections by IPv4 and by IPv6.</param>
/// <param name="IPv4">The server's address on this interface, for who hears it by IPv6; zeros: none.</param>
/// <param name="Fingerprint">SHA-256 of its certificate.</param>
/// <param name="Name">At most <see cref="DiscoveryLayout.MaxName"/> bytes of UTF-8.</param>
internal sealed record ServerFacts(
    ulong Instance, ushort Port, ushort Rooms, ushort Lifetime, byte Protocol, Dialable Dialable, IPAddress IPv4, byte[] Fingerprint, string Name);

/// <summary>The families by which a server takes connections.</summary>
[Flags]
internal enum Dialable : byte
{
    None = 0,
    IPv4 = 1,
    IPv6 = 2,
}

/// <summary>
/// The datagrams of discovery; numbers are big-endian.
/// <code>
///  0      4     5      6          14                                    192
///  +------+-----+------+----------+--------------------------------------+
///  | LCd! | ver | kind | nonce u64| zeros (probe)                        |
///  +------+-----+------+----------+--------------------------------------+
///
///  14         22     24      26         28         29         30    34            66    67     n
///  +----------+------+-------+----------+----------+----------+-----+-------------+-----+------+
///  | instance | port | rooms | lifetime | protocol | dialable | IPv4| fingerprint | len | name |
///  | u64      | u16  | u16   | u16, s   | u8       | u8, bits | 4 B | 32 B        | u8  | UTF-8|
///  +----------+------+-------+----------+----------+----------+-----+-------------+-----+------+
/// </code>
/// An answer carries the nonce of its probe, an announcement zeros. What follows the name is ignored, so that a later version may add to it. A
/// probe is filled up to 192 bytes, more than any announcement has: an answer is never larger than its question, and forged probes gain nothing.
/// </summary>
internal static class DiscoveryLayout
{
    public const byte Version = 1;
    public const int ProbeSize = 192;
    public const int MaxName = 64;
    public const int MaxDatagram = NameAt + MaxName;

    private const uint Magic = 0x4C43_6421;
    private const int VersionAt = 4, KindAt = 5, NonceAt = 6, HeaderSize = 14;
    private const int InstanceAt = 14, PortAt = 22, RoomsAt = 24, LifetimeAt = 26, ProtocolAt = 28, DialableAt = 29, IPv4At = 30, FingerprintAt = 34;
    private const int FingerprintSize = 32, NameLengthAt = 66, NameAt = 67;

    /// <summary>Reads the header.</summary>
    /// <returns>False: none of ours, or of another version, or of a kind that is not known.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> datagram, out byte version, out DiscoveryKind kind, out ulong nonce)
    {
        (version, kind, nonce) = (0, 0, 0);
        if (datagram.Length < HeaderSize || BinaryPrimitives.ReadUInt32BigEndian(datagram) != Magic) return false;
        version = datagram[VersionAt];
        kind = (DiscoveryKind)datagram[KindAt];
        nonce = BinaryPrimitives.ReadUInt64BigEndian(datagram[NonceAt..]);
        return version == Version && kind is >= DiscoveryKind.Probe and <= DiscoveryKind.Answer;
    }

    /// <summary>Reads what follows the header of an announcement or answer.</summary>
    /// <returns>False: too short, or a value that none of ours writes.</returns>
    public static bool TryReadFacts(ReadOnlySpan<byte> datagram, out ServerFacts? facts)
    {
        facts = null;
        if (datagram.Length < NameAt || datagram[NameLengthAt] > MaxName || datagram.Length < NameAt + datagram[NameLengthAt]) return false;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(datagram[PortAt..]);
        var dialable = (Dialable)datagram[DialableAt] & (Dialable.IPv4 | Dialable.IPv6);
        if (port == 0 || dialable == Dialable.None) return false;
        facts = new ServerFacts(
            BinaryPrimitives.ReadUInt64BigEndian(datagram[InstanceAt..]),
            port,
            BinaryPrimitives.ReadUInt16BigEndian(datagram[RoomsAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[LifetimeAt..]),
            datagram[ProtocolAt],
            dialable,
            new IPAddress(datagram[IPv4At..FingerprintAt]),
            datagram.Slice(FingerprintAt, FingerprintSize).ToArray(),
            ServerName.Clean(Encoding.UTF8.GetString(datagram.Slice(NameAt, datagram[NameLengthAt]))));
        return true;
    }

    /// <summary>A question.</summary>
    public static byte[] Probe(ulong nonce)
    {
        byte[] datagram = new byte[ProbeSize];
        WriteHeader(datagram, DiscoveryKind.Probe, nonce);
        return datagram;
    }

    /// <summary>An announcement, or with a nonce an answer.</summary>
    public static byte[] Write(DiscoveryKind kind, ulong nonce, ServerFacts facts)
    {
        byte[] name = Encoding.UTF8.GetBytes(ServerName.Clean(facts.Name));
        byte[] datagram = new byte[NameAt + name.Length];
        Span<byte> at = datagram;
        WriteHeader(at, kind, nonce);
        BinaryPrimitives.WriteUInt64BigEndian(at[InstanceAt..], facts.Instance);
        BinaryPrimitives.WriteUInt16BigEndian(at[PortAt..], facts.Port);
        BinaryPrimitives.WriteUInt16BigEndian(at[RoomsAt..], facts.Rooms);
        BinaryPrimitives.WriteUInt16BigEndian(at[LifetimeAt..], facts.Lifetime);
        at[ProtocolAt] = facts.Protocol;
        at[DialableAt] = (byte)facts.Dialable;
        if (facts.IPv4.AddressFamily == AddressFamily.InterNetwork) facts.IPv4.TryWriteBytes(at[IPv4At..], out _);
        facts.Fingerprint.CopyTo(at[FingerprintAt..]);
        at[NameLengthAt] = (byte)name.Length;
        name.CopyTo(at[NameAt..]);
        return datagram;
    }

    private static void WriteHeader(Span<byte> datagram, DiscoveryKind kind, ulong nonce)
    {
        BinaryPrimitives.WriteUInt32BigEndian(datagram, Magic);
        datagram[VersionAt] = Version;
        datagram[KindAt] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(datagram[NonceAt..], nonce);
    }
}
