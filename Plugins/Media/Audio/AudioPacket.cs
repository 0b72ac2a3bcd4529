using System.Buffers.Binary;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// A datagram of sound, alike in both directions. The fields mean what RTP's do (RFC 3550, 5.1), the level is RFC 6464's.
/// <code>
///  0      1               5               9              13      14
/// +------+---------------+---------------+---------------+-------+------------
/// | kind | stream        | sequence      | timestamp     | level | opus …
/// +------+---------------+---------------+---------------+-------+------------
///  u8     u32             u32             u32             u8      0 to 640 bytes
/// </code>
/// All numbers are big-endian. Kind 1 is a frame of 20 ms; 0x81 the same, and the last one of its spurt; kind 2 ends a spurt without sound: its
/// sequence and timestamp are the next frame's. A stream may go on after its end. With 0x40 in a frame's kind there stands, between header and Opus,
/// a copy of the frame before it, as redundant data in the sense of RFC 2198:
/// <code>
/// +--------+-----------------------+--------
/// | length | frame before, Opus …  | opus …
/// +--------+-----------------------+--------
///  u16      1 to 640 bytes
/// </code>
/// 0x20 says of either kind that it is not the voice but what the person shares beside it: another stream, heard beside theirs.
/// </summary>
/// <param name="Kind">Frame or end.</param>
/// <param name="Stream">Random; a new one means: another encoder, forget the state.</param>
/// <param name="Sequence">One more for each packet of the stream; wraps around.</param>
/// <param name="Timestamp">When the first sample was captured, in samples of 48 kHz; wraps around.</param>
/// <param name="Level">In -dBov: 0 is the loudest, 127 silence.</param>
/// <param name="Last">A frame after which nothing follows for now: what is missing then is silence, not loss.</param>
/// <param name="Shared">Not the voice: what is shared beside it.</param>
internal readonly record struct AudioPacket(AudioKind Kind, uint Stream, uint Sequence, uint Timestamp, byte Level, bool Last = false, bool Shared = false)
{
    private const byte LastFlag = 0x80;
    private const byte CopyFlag = 0x40;
    private const byte SharedFlag = 0x20;
    private const int KindAt = 0;
    private const int StreamAt = 1;
    private const int SequenceAt = 5;
    private const int TimestampAt = 9;
    private const int LevelAt = 13;

    /// <summary>Where the Opus frame begins.</summary>
    public const int HeaderLength =
        sizeof(byte) + // kind
        sizeof(uint) + // stream
        sizeof(uint) + // sequence
        sizeof(uint) + // timestamp
        sizeof(byte);  // level

    /// <summary>The longest Opus frame: 256 kbit/s, far beyond what is configured.</summary>
    public const int MaxOpus = 640;

    /// <summary>What comes before a copy: its length.</summary>
    public const int CopyHeaderLength = sizeof(ushort);

    /// <summary>The longest packet; with a copy it still fits a datagram.</summary>
    public const int MaxLength = 1150;

    /// <summary>Writes the header in front of an Opus frame.</summary>
    public void Write(Span<byte> packet)
    {
        packet[KindAt] = (byte)((byte)Kind | (Last ? LastFlag : 0) | (Shared ? SharedFlag : 0));
        BinaryPrimitives.WriteUInt32BigEndian(packet[StreamAt..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(packet[SequenceAt..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TimestampAt..], Timestamp);
        packet[LevelAt] = Level;
    }

    /// <summary>Makes a frame that has been written the last one of its spurt.</summary>
    public static void MarkLast(Span<byte> packet) => packet[KindAt] |= LastFlag;

    /// <summary>Writes the length of the copy that follows, into a packet whose header has been written.</summary>
    public static void MarkCopy(Span<byte> packet, int length)
    {
        packet[KindAt] |= CopyFlag;
        BinaryPrimitives.WriteUInt16BigEndian(packet[HeaderLength..], (ushort)length);
    }

    /// <summary>Writes the same packet without its copy; gives its length.</summary>
    public static int WithoutCopy(ReadOnlySpan<byte> packet, Span<byte> plain)
    {
        int skipped = (packet[KindAt] & CopyFlag) == 0 ? 0 : CopyHeaderLength + BinaryPrimitives.ReadUInt16BigEndian(packet[HeaderLength..]);
        packet[..HeaderLength].CopyTo(plain);
        plain[KindAt] &= unchecked((byte)~CopyFlag);
        packet[(HeaderLength + skipped)..].CopyTo(plain[HeaderLength..]);
        return packet.Length - skipped;
    }

    /// <summary>Reads a datagram, see below, without its copy.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus) => TryRead(datagram, out packet, out opus, out _);

    /// <summary>Reads a datagram; false when it is none of ours: too short, too long, of an unknown kind, or with sound where none belongs.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="packet">Its header.</param>
    /// <param name="opus">Its frame; empty at an end.</param>
    /// <param name="copy">The frame before it; empty when there is no copy.</param>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus, out ReadOnlySpan<byte> copy)
    {
        packet = default;
        opus = copy = default;
        if (datagram.Length is < HeaderLength or > MaxLength) return false;
        bool last = (datagram[KindAt] & LastFlag) != 0;
        var kind = (AudioKind)(datagram[KindAt] & ~(LastFlag | CopyFlag | SharedFlag));
        ReadOnlySpan<byte> body = datagram[HeaderLength..];
        opus = body;
        if ((datagram[KindAt] & CopyFlag) != 0 && !TrySplit(body, out copy, out opus)) return false;
        if (kind == AudioKind.Frame ? opus.Length is 0 or > MaxOpus : kind != AudioKind.End || last || !opus.IsEmpty) return false;
        packet = new AudioPacket(
            kind,
            BinaryPrimitives.ReadUInt32BigEndian(datagram[StreamAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[SequenceAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[TimestampAt..]),
            Math.Min(datagram[LevelAt], AudioLevel.Silence),
            last,
            (datagram[KindAt] & SharedFlag) != 0);
        return true;
    }

    private static bool TrySplit(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> copy, out ReadOnlySpan<byte> opus)
    {
        copy = opus = default;
        int length = body.Length < CopyHeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(body);
        if (length is 0 or > MaxOpus || body.Length <= CopyHeaderLength + length) return false;
        copy = body.Slice(CopyHeaderLength, length);
        opus = body[(CopyHeaderLength + length)..];
        return true;
    }
}

/// <summary>What a packet is.</summary>
internal enum AudioKind : byte
{
    /// <summary>20 ms of Opus.</summary>
    Frame = 1,

    /// <summary>The stream ends here.</summary>
    End = 2,
}
