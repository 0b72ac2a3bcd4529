using System.Buffers.Binary;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// What a receiver of frames says about a hop's packets, as a datagram of the same service, back to the sender of that hop.
/// <code>
///  0        1        2                 6        8
/// +--------+--------+-----------------+--------+----
/// | 0x21   | count  | u32 first       | u16 mask … count times       send these packets again
/// +--------+--------+-----------------+--------+----
///
///  0        1        2        4                 8                 12                16                20
/// +--------+--------+--------+-----------------+-----------------+-----------------+-----------------+
/// | 0x22   | 0      | decode | u32 newest      | u32 age         | u32 received    | u32 missing     |  how it goes, every 200 ms
/// +--------+--------+--------+-----------------+-----------------+-----------------+-----------------+
/// </code>
/// mask: bit n is packet first + 1 + n (as RFC 4585, 6.2.1). Numbers are big-endian; packet numbers wrap around.
/// </summary>
internal static class VideoFeedback
{
    private const byte NackKind = 0x21, ReportKind = 0x22;
    private const int NackHeader = 2, NackItem = sizeof(uint) + sizeof(ushort), ReportBytes = 20;

    /// <summary>Most items of one request.</summary>
    public const int MaxItems = 64;

    /// <summary>Longest request in bytes.</summary>
    public const int MaxNackBytes = NackHeader + (MaxItems * NackItem);

    /// <summary>Length of a report in bytes.</summary>
    public const int ReportLength = ReportBytes;

    /// <summary>True when this payload is none of a frame, but feedback.</summary>
    public static bool Is(ReadOnlySpan<byte> packet) => packet.Length > 0 && packet[0] is NackKind or ReportKind;

    /// <summary>Writes a request for the packets, which are in rising order; as many as fit.</summary>
    /// <returns>Its length; 0 when there are none.</returns>
    public static int WriteNack(Span<byte> target, ReadOnlySpan<uint> packets)
    {
        int items = 0;
        for (int i = 0; i < packets.Length && items < MaxItems; items++)
        {
            uint first = packets[i++];
            int mask = 0;
            for (; i < packets.Length && packets[i] - first is > 0 and <= 16; i++) mask |= 1 << (int)(packets[i] - first - 1);
            Span<byte> item = target[(NackHeader + (items * NackItem))..];
            BinaryPrimitives.WriteUInt32BigEndian(item, first);
            BinaryPrimitives.WriteUInt16BigEndian(item[sizeof(uint)..], (ushort)mask);
        }
        if (items == 0) return 0;
        (target[0], target[1]) = (NackKind, (byte)items);
        return NackHeader + (items * NackItem);
    }

    /// <summary>Reads a request.</summary>
    /// <param name="packet">The payload.</param>
    /// <param name="packets">At least 17 for each item; filled with the numbers.</param>
    /// <returns>How many; -1 when this is no request or a damaged one.</returns>
    public static int ReadNack(ReadOnlySpan<byte> packet, Span<uint> packets)
    {
        if (packet.Length < NackHeader || packet[0] != NackKind || packet[1] is 0 or > MaxItems || packet.Length != NackHeader + (packet[1] * NackItem)) return -1;
        int count = 0;
        for (ReadOnlySpan<byte> item = packet[NackHeader..]; item.Length > 0; item = item[NackItem..])
        {
            uint first = BinaryPrimitives.ReadUInt32BigEndian(item);
            packets[count++] = first;
            for (int mask = BinaryPrimitives.ReadUInt16BigEndian(item[sizeof(uint)..]), n = 1; mask != 0; mask >>= 1, n++)
                if ((mask & 1) != 0) packets[count++] = first + (uint)n;
        }
        return count;
    }

    /// <summary>Writes a report.</summary>
    public static int WriteReport(Span<byte> target, in ReceiverReport report)
    {
        target[ReportBytes - 1] = 0;
        (target[0], target[1]) = (ReportKind, 0);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)Math.Clamp(report.Decode.TotalMilliseconds, 0, ushort.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], report.Newest);
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], (uint)Math.Clamp(report.Age.TotalMicroseconds, 0, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(target[12..], report.Received);
        BinaryPrimitives.WriteUInt32BigEndian(target[16..], report.Missing);
        return ReportBytes;
    }

    /// <summary>Reads a report; false when this is none.</summary>
    public static bool TryReadReport(ReadOnlySpan<byte> packet, out ReceiverReport report)
    {
        report = default;
        if (packet.Length != ReportBytes || packet[0] != ReportKind) return false;
        report = new ReceiverReport(
            TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt16BigEndian(packet[2..])),
            BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt32BigEndian(packet[8..])),
            BinaryPrimitives.ReadUInt32BigEndian(packet[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
        return true;
    }
}

/// <summary>How a hop's packets come.</summary>
/// <param name="Decode">What the slowest decoder takes for a frame.</param>
/// <param name="Newest">The newest packet number that came.</param>
/// <param name="Age">How long before this report it came: with it the sender knows the round trip, and how much of it is a queue.</param>
/// <param name="Received">Packets that came, since the beginning; wraps around.</param>
/// <param name="Missing">Packet numbers that did not come when they were due, whether or not they came later; wraps around.</param>
internal readonly record struct ReceiverReport(TimeSpan Decode, uint Newest, TimeSpan Age, uint Received, uint Missing);
