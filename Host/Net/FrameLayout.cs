using System.Buffers.Binary;
using System.Text;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>
/// The frame on a TCP channel, inside TLS.
/// <code>
///  0       4      5
///  +-------+------+-----------------+
///  | u32   | u8   | length bytes    |
///  | length| kind | payload         |
///  +-------+------+-----------------+
/// </code>
/// Length is big-endian and counts the payload only. Kind: 0 JSON, 1 binary, 2 close (payload: a UTF-8 sentence, the last frame), 3 ping and 4 pong (no payload).
/// </summary>
internal static class FrameLayout
{
    public const int HeaderSize =
        sizeof(uint) + // length
        sizeof(byte);  // kind

    /// <summary>The kind of the last frame of a channel that is closed in good order.</summary>
    public const byte Close = 2;

    /// <summary>Asks the other end whether it is there, and its answer; nobody above a channel sees them. See <see cref="SilenceWatch"/>.</summary>
    public const byte Ping = 3, Pong = 4;

    /// <summary>What is read of a close's reason, in bytes.</summary>
    public const int MaxReason = 300;

    public static void WriteHeader(Span<byte> target, byte kind, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, (uint)length);
        target[sizeof(uint)] = kind;
    }

    /// <summary>False when the header is not complete yet.</summary>
    /// <exception cref="ProtocolErrorException">The length is beyond the limit, or the kind unknown.</exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> source, int maxPayload, out byte kind, out int length)
    {
        kind = 0;
        length = 0;
        if (source.Length < HeaderSize) return false;
        uint declared = BinaryPrimitives.ReadUInt32BigEndian(source);
        if (declared > (uint)maxPayload) throw new ProtocolErrorException($"A frame of {declared} bytes is longer than the {maxPayload} allowed here.");
        kind = source[sizeof(uint)];
        if (kind > Pong) throw new ProtocolErrorException($"Frame kind {kind} is unknown; 0 to {Pong} are.");
        if (kind >= Ping && declared > 0) throw new ProtocolErrorException($"A frame of kind {kind} has no payload, and not {declared} bytes.");
        length = (int)declared;
        return true;
    }

    /// <summary>The reason of a close, as it may stand in a log: one short line, whatever the other side wrote.</summary>
    public static string ReadReason(ReadOnlySpan<byte> payload)
    {
        string text = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, MaxReason)]);
        return string.Create(text.Length, text, (line, from) =>
        {
            for (int i = 0; i < line.Length; i++) line[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        });
    }
}
