using System.Buffers.Binary;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The header of a video packet: RTP's meaning (RFC 3550) with the fragment's place, without its extensions. Numbers are big-endian.
/// <code>
///  0        1        2        3        4                 8                 12                16                20
/// +--------+--------+--------+--------+-----------------+-----------------+-----------------+-----------------+
/// | 0x20   | coding | flags  | back   | u32 stream      | u32 frame       | u32 timestamp   | u32 packet      |
/// +--------+--------+--------+--------+--------+--------+-----------------+-----------------+-----------------+
/// | u16 fragment    | u16 fragments   | u16 width       | u16 height      | bytes …
/// +-----------------+-----------------+-----------------+-----------------+---------
///  20                22                24                26                28
/// 0x20: high half version 2, low half kind 0 (a frame).
/// coding: high half codec (0 JPEG, 1 VP8), low half layer (0 large, 1 small, 2 hd).
/// flags: bit 0 key frame, bit 1 droppable (no other frame needs this one); the rest is 0.
/// back: how many frames earlier the newest frame is that this one needs; 0 for a key frame only.
/// </code>
/// On the wire every fragment but the last carries exactly <see cref="FragmentBytes"/>. On the bridge's lanes a whole frame goes
/// behind the same header, as fragment 0 of 1.
/// </summary>
/// <param name="Stream">Number given by the hub; 0 when a page sends.</param>
/// <param name="Frame">Counts the frames of a layer without gaps.</param>
/// <param name="Timestamp">Time of capture in 1/90000 s, from any start; one clock for all layers.</param>
/// <param name="Fragment">Place of this packet in its frame, from 0.</param>
/// <param name="Fragments">Packets of the frame.</param>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture, in pixels.</param>
internal readonly record struct VideoHeader(
    VideoCodec Codec, VideoLayer Layer, bool Key, uint Stream, uint Frame, uint Timestamp, ushort Fragment, ushort Fragments, ushort Width, ushort Height)
{
    private const byte VersionAndKind = 0x20;
    private const byte KeyBit = 1, DroppableBit = 2;
    private const int CodingAt = 1, FlagsAt = 2, BackAt = 3, StreamAt = 4, FrameAt = 8, TimestampAt = 12, PacketAt = 16;
    private const int FragmentAt = 20, FragmentsAt = 22, WidthAt = 24, HeightAt = 26;

    /// <summary>Length of the header in bytes.</summary>
    public const int Bytes = 28;

    /// <summary>Length of a full fragment without its header, in bytes.</summary>
    public const int FragmentBytes = Contracts.DatagramLimits.MaxPayload - Bytes;

    /// <summary>Most fragments of a frame: about 590 KB, ten times a usual large JPEG.</summary>
    public const int MaxFragments = 512;

    /// <summary>Longest encoded frame in bytes.</summary>
    public const int MaxFrameBytes = MaxFragments * FragmentBytes;

    /// <summary>Widest and highest picture that the layout allows; the configuration allows less.</summary>
    public const int MaxSide = 4096;

    /// <summary>Counts the packets of one hop, all streams together, without gaps: what is missing was lost on that hop. The hub writes it anew for each viewer. 0 on a lane.</summary>
    public uint Packet { get; init; }

    /// <summary>True when no other frame needs this one: it can be left out to save bits.</summary>
    public bool Droppable { get; init; }

    /// <summary>The newest frame that this one needs is so many frames earlier; 0 for a key frame.</summary>
    public byte Back { get; init; } = Key ? (byte)0 : (byte)1;

    /// <summary>Writes the header to the start of <paramref name="packet"/>.</summary>
    public void Write(Span<byte> packet)
    {
        packet[HeightAt + 1] = 0;
        packet[0] = VersionAndKind;
        packet[CodingAt] = (byte)((int)Codec << 4 | (int)Layer);
        packet[FlagsAt] = (byte)((Key ? KeyBit : 0) | (Droppable ? DroppableBit : 0));
        packet[BackAt] = Back;
        BinaryPrimitives.WriteUInt32BigEndian(packet[StreamAt..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(packet[FrameAt..], Frame);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TimestampAt..], Timestamp);
        WritePacket(packet, Packet);
        BinaryPrimitives.WriteUInt16BigEndian(packet[FragmentAt..], Fragment);
        BinaryPrimitives.WriteUInt16BigEndian(packet[FragmentsAt..], Fragments);
        BinaryPrimitives.WriteUInt16BigEndian(packet[WidthAt..], Width);
        BinaryPrimitives.WriteUInt16BigEndian(packet[HeightAt..], Height);
    }

    /// <summary>Replaces the packet number alone.</summary>
    public static void WritePacket(Span<byte> packet, uint number) => BinaryPrimitives.WriteUInt32BigEndian(packet[PacketAt..], number);

    /// <summary>Reads the header of a datagram; false when it is none that the protocol allows, its length included.</summary>
    public static bool TryReadPacket(ReadOnlySpan<byte> packet, out VideoHeader header) =>
        TryRead(packet, out header) && LengthFits(packet.Length - Bytes, header);

    /// <summary>Reads the header of a whole frame, as the bridge's lanes carry it.</summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> frame, out VideoHeader header) =>
        TryRead(frame, out header) && header.Fragments == 1 && frame.Length > Bytes && frame.Length <= Bytes + MaxFrameBytes;

    private static bool TryRead(ReadOnlySpan<byte> packet, out VideoHeader header)
    {
        header = default;
        if (packet.Length < Bytes || packet[0] != VersionAndKind || packet[FlagsAt] > (KeyBit | DroppableBit)) return false;
        byte coding = packet[CodingAt], flags = packet[FlagsAt];
        if (coding >> 4 > (int)VideoCodec.Vp8 || (coding & 0x0F) >= (int)VideoLayer.None) return false;
        header = new VideoHeader(
            (VideoCodec)(coding >> 4),
            (VideoLayer)(coding & 0x0F),
            (flags & KeyBit) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(packet[StreamAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[FrameAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[TimestampAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[FragmentAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[FragmentsAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[WidthAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[HeightAt..]))
        {
            Packet = BinaryPrimitives.ReadUInt32BigEndian(packet[PacketAt..]), Droppable = (flags & DroppableBit) != 0, Back = packet[BackAt],
        };
        return header.IsPossible;
    }

    // A JPEG stands alone, so one that calls itself no key frame is a mistake.
    private bool IsPossible =>
        Fragments is > 0 and <= MaxFragments && Fragment < Fragments
        && Width is > 0 and <= MaxSide && Height is > 0 and <= MaxSide
        && (Back == 0) == Key && (Key || Codec != VideoCodec.Jpeg);

    private static bool LengthFits(int bytes, in VideoHeader header) =>
        header.Fragment == header.Fragments - 1 ? bytes is > 0 and <= FragmentBytes : bytes == FragmentBytes;
}
