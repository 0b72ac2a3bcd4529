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
/// sequence and timestamp are the next frame's. A stream may go on after its end.
/// </summary>
/// <param name="Kind">Frame or end.</param>
/// <param name="Stream">Random; a new one means: another encoder, forget the state.</param>
/// <param name="Sequence">One more for each packet of the stream; wraps around.</param>
/// <param name="Timestamp">When the first sample was captured, in samples of 48 kHz; wraps around.</param>
/// <param name="Level">In -dBov: 0 is the loudest, 127 silence.</param>
/// <param name="Last">A frame after which nothing follows for now: what is missing then is silence, not loss.</param>
internal readonly record struct AudioPacket(AudioKind Kind, uint Stream, uint Sequence, uint Timestamp, byte Level, bool Last = false)
{
    private const byte LastFlag = 0x80;
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

    /// <summary>The longest packet.</summary>
    public const int MaxLength = HeaderLength + MaxOpus;

    /// <summary>Writes the header in front of an Opus frame.</summary>
    public void Write(Span<byte> packet)
    {
        packet[KindAt] = (byte)(Last ? (byte)Kind | LastFlag : (byte)Kind);
        BinaryPrimitives.WriteUInt32BigEndian(packet[StreamAt..], Stream);
        BinaryPrimitives.WriteUInt32BigEndian(packet[SequenceAt..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TimestampAt..], Timestamp);
        packet[LevelAt] = Level;
    }

    /// <summary>Makes a frame that has been written the last one of its spurt.</summary>
    public static void MarkLast(Span<byte> packet) => packet[KindAt] |= LastFlag;

    /// <summary>Reads a datagram; false when it is none of ours: too short, too long, of an unknown kind, or with sound where none belongs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus)
    {
        packet = default;
        opus = default;
        if (datagram.Length is < HeaderLength or > MaxLength) return false;
        bool last = (datagram[KindAt] & LastFlag) != 0;
        var kind = (AudioKind)(datagram[KindAt] & ~LastFlag);
        opus = datagram[HeaderLength..];
        if (kind == AudioKind.Frame ? opus.IsEmpty : kind != AudioKind.End || last || !opus.IsEmpty) return false;
        packet = new AudioPacket(
            kind,
            BinaryPrimitives.ReadUInt32BigEndian(datagram[StreamAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[SequenceAt..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[TimestampAt..]),
            Math.Min(datagram[LevelAt], AudioLevel.Silence),
            last);
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
