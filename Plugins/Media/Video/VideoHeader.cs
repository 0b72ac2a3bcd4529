using System.Buffers.Binary;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The header of a video packet: RTP's meaning (RFC 3550) with the fragment's place, without its extensions. Numbers are big-endian.
/// <code>
///  0        1        2                          6                          10                         14
/// +--------+--------+--------------------------+--------------------------+--------------------------+
/// | 0x10   | flags  | u32 stream               | u32 frame                | u32 timestamp, 90 kHz    |
/// +--------+--------+------------+-------------+------------+-------------+--------------------------+
/// | u16 fragment    | u16 fragments            | u16 width  | u16 height  | bytes …                  |
/// +-----------------+--------------------------+------------+-------------+--------------------------+
///  14                16                         18           20            22
/// 0x10: high half version 1, low half kind 0 (a frame).
/// flags: bit 0 codec (0 JPEG, 1 VP8), bit 1 key frame, bit 2 layer (0 large, 1 small); the rest is 0.
/// </code>
/// On the wire every fragment but the last carries exactly <see cref="FragmentBytes"/>. On the bridge's lanes a whole frame goes
/// behind the same header, as fragment 0 of 1.
/// </summary>
/// <param name="Stream">Number given by the hub; 0 when a page sends.</param>
/// <param name="Frame">Counts the frames of a layer without gaps.</param>
/// <param name="Timestamp">Time of capture in 1/90000 s, from any start.</param>
/// <param name="Width">Of the picture, in pixels.</param>
/// <param name="Height">Of the picture, in pixels.</param>
internal readonly record struct VideoHeader(
    VideoCodec Codec, VideoLayer Layer, bool Key, uint Stream, uint Frame, uint Timestamp, ushort Fragment, ushort Fragments, ushort Width, ushort Height)
{
    private const byte VersionAndKind = 0x10;
    private const byte CodecBit = 1, KeyBit = 2, LayerBit = 4;
    private const int FlagsAt = 1, StreamAt = 2, FrameAt = 6, TimestampAt = 10, FragmentAt = 14, FragmentsAt = 16, WidthAt = 18, HeightAt = 20;

    /// <summary>Length of the header in bytes.</summary>
    public const int Bytes = 22;

    /// <summary>Length of a full fragment without its header, in bytes.</summary>
    public const int FragmentBytes = Contracts.DatagramLimits.MaxPayload - Bytes;

    /// <summary>Most fragments of a frame: about 590 KB, ten times a usual large JPEG.</summary>
    public const int MaxFragments = 512;

    /// <summary>Longest encoded frame in bytes.</summary>
    public const int MaxFrameBytes = MaxFragments * FragmentBytes;

    /// <summary>Widest and highest picture.</summary>
    public const int MaxSide = 4096;

    /// <summary>Writes the header to the start of <paramref name="packet"/>.</summary>
    public void Write(Span<byte> packet)
    {
        packet[HeightAt + 1] = 0;
        packet[0] = VersionAndKind;
        packet[FlagsAt] = (byte)((Codec == VideoCodec.Vp8 ? CodecBit : 0) | (Key ? KeyBit : 0) | (Layer == VideoLayer.Small ? LayerBit : 0));
        BinaryPrimitives.WriteUInt32BigEndian(packet[StreamAt..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(packet[FrameAt..], Frame);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TimestampAt..], Timestamp);
        BinaryPrimitives.WriteUInt16BigEndian(packet[FragmentAt..], Fragment);
        BinaryPrimitives.WriteUInt16BigEndian(packet[FragmentsAt..], Fragments);
        BinaryPrimitives.WriteUInt16BigEndian(packet[WidthAt..], Width);
        BinaryPrimitives.WriteUInt16BigEndian(packet[HeightAt..], Height);
    }

    /// <summary>Reads the header of a datagram; false when it is none that the protocol allows, its length included.</summary>
    public static bool TryReadPacket(ReadOnlySpan<byte> packet, out VideoHeader header) =>
        TryRead(packet, out header) && LengthFits(packet.Length - Bytes, header);

    /// <summary>Reads the header of a whole frame, as the bridge's lanes carry it.</summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> frame, out VideoHeader header) =>
        TryRead(frame, out header) && header.Fragments == 1 && frame.Length > Bytes && frame.Length <= Bytes + MaxFrameBytes;

    private static bool TryRead(ReadOnlySpan<byte> packet, out VideoHeader header)
    {
        header = default;
        if (packet.Length < Bytes || packet[0] != VersionAndKind || packet[FlagsAt] > (CodecBit | KeyBit | LayerBit)) return false;
        byte flags = packet[FlagsAt];
        header = new VideoHeader(
            (flags & CodecBit) != 0 ? VideoCodec.Vp8 : VideoCodec.Jpeg,
            (flags & LayerBit) != 0 ? VideoLayer.Small : VideoLayer.Large,
            (flags & KeyBit) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(packet[StreamAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[FrameAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[TimestampAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[FragmentAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[FragmentsAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[WidthAt..]),
            BinaryPrimitives.ReadUInt16BigEndian(packet[HeightAt..]));
        return header.IsPossible;
    }

    // A JPEG stands alone, so one that calls itself no key frame is a mistake.
    private bool IsPossible =>
        Fragments is > 0 and <= MaxFragments && Fragment < Fragments
        && Width is > 0 and <= MaxSide && Height is > 0 and <= MaxSide
        && (Key || Codec != VideoCodec.Jpeg);

    private static bool LengthFits(int bytes, in VideoHeader header) =>
        header.Fragment == header.Fragments - 1 ? bytes is > 0 and <= FragmentBytes : bytes == FragmentBytes;
}
