using System.Buffers.Binary;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// What the relay benchmark's senders put behind a packet's header and its viewers look for: the first bytes of a JPEG, the time at which the packet was
/// handed to the sender's socket, and a pattern, all of the longest packet.
/// </summary>
internal static class RelayWire
{
    private const int StampAt = 3;
    private const int PatternAt = StampAt + sizeof(long);
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, DatagramLimits.MaxDatagram).Select(i => (byte)(i * 31))];

    /// <summary>Nanoseconds of the wall clock, the one by which the kernel stamps what arrives.</summary>
    public static long Now => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Fills what is behind a header.</summary>
    public static void Write(Span<byte> body)
    {
        ReadOnlySpan<byte> start = [0xFF, 0xD8, 0xFF];
        start.CopyTo(body);
        BinaryPrimitives.WriteInt64BigEndian(body[StampAt..], Now);
        Pattern.AsSpan(0, body.Length - PatternAt).CopyTo(body[PatternAt..]);
    }

    /// <summary>When it was sent; false when it is not what was sent.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out long sentAt)
    {
        sentAt = body.Length > PatternAt ? BinaryPrimitives.ReadInt64BigEndian(body[StampAt..]) : 0;
        return body.Length > PatternAt && body[PatternAt..].SequenceEqual(Pattern.AsSpan(0, body.Length - PatternAt));
    }

    /// <summary>The header of packet <paramref name="packet"/> of a camera whose frames have so many packets.</summary>
    public static VideoHeader Header(uint stream, uint packet, int fragments) => new(
        VideoCodec.Jpeg, VideoLayer.Large, Key: true, stream, packet / (uint)fragments, 0, (ushort)(packet % (uint)fragments), (ushort)fragments, 640, 360) { Packet = packet };
}
