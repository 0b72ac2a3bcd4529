using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Host.Datagrams;

/// <summary>
/// The datagram on a UDP port.
/// <code>
///  0         1         5                11              n-16     n
///  +---------+---------+----------------+---------------+--------+
///  | u4 u4   | u32     | u48            | AES-128-GCM   | tag    |
///  | ver kind| session | packet number  | (payload)     | 16 B   |
///  +---------+---------+----------------+---------------+--------+
///  |&lt;------- associated data ---------->|
/// </code>
/// All numbers big-endian. Version 1. Kind: 0 data, 1 ping, 2 pong (payload of both: 8 bytes that the pong repeats). Packet numbers start at 1
/// and never repeat for a key; nonce = 4-byte salt | packet number as u64.
/// </summary>
internal static class DatagramLayout
{
    public const int HeaderSize =
        sizeof(byte) + // version and kind
        sizeof(uint) + // session
        6;             // packet number

    public const int TagSize = 16;
    public const int MaxSize = DatagramLimits.MaxDatagram;
    public const byte Version = 1;
    public const byte Data = 0;
    public const byte Ping = 1;
    public const byte Pong = 2;

    public static void WriteHeader(Span<byte> target, byte kind, uint session, long number)
    {
        target[0] = (byte)(Version << 4 | kind);
        BinaryPrimitives.WriteUInt32BigEndian(target[1..], session);
        BinaryPrimitives.WriteUInt16BigEndian(target[5..], (ushort)(number >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(target[7..], (uint)number);
    }

    /// <summary>False when this is no datagram of ours; there is no answer to such a one.</summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> source, out byte kind, out uint session, out long number)
    {
        (kind, session, number) = (0, 0, 0);
        if (source.Length is < HeaderSize + TagSize or > MaxSize || source[0] >> 4 != Version) return false;
        kind = (byte)(source[0] & 0x0F);
        session = BinaryPrimitives.ReadUInt32BigEndian(source[1..]);
        number = (long)BinaryPrimitives.ReadUInt16BigEndian(source[5..]) << 32 | BinaryPrimitives.ReadUInt32BigEndian(source[7..]);
        return kind <= Pong;
    }
}
