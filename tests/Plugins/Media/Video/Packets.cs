using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>Frames and packets for the tests of pictures.</summary>
internal static class Packets
{
    /// <summary>A header of a JPEG frame, or of a VP8 one.</summary>
    public static VideoHeader Header(uint frame = 0, VideoCodec codec = VideoCodec.Jpeg, bool key = true, VideoLayer layer = VideoLayer.Large, uint stream = 1) =>
        new(codec, layer, key || codec == VideoCodec.Jpeg, stream, frame, frame * 3000, 0, 1, 640, 360);

    /// <summary>Bytes that differ from frame to frame.</summary>
    public static byte[] Bytes(uint frame, int length)
    {
        byte[] bytes = new byte[length];
        new Random((int)frame).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same with a beginning that fits the header.</summary>
    public static byte[] Bytes(VideoHeader header, int length)
    {
        byte[] bytes = Bytes(header.Frame, length);
        byte[] start = header.Codec == VideoCodec.Jpeg ? [0xFF, 0xD8, 0xFF] : !header.Key ? [1] :
            [0, 0, 0, 0x9D, 0x01, 0x2A, (byte)header.Width, (byte)(header.Width >> 8), (byte)header.Height, (byte)(header.Height >> 8)];
        start.CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>A frame as packets.</summary>
    public static List<byte[]> Of(VideoHeader header, byte[] bytes)
    {
        byte[] space = new byte[DatagramLimits.MaxPayload];
        List<byte[]> packets = [];
        for (int i = 0; i < Fragmenter.Count(bytes.Length); i++) packets.Add(space[..Fragmenter.Write(header, bytes, i, space)]);
        return packets;
    }

    /// <summary>A frame in one packet.</summary>
    public static byte[] One(VideoHeader header) => Of(header, Bytes(header, 100))[0];
}

/// <summary>An assembly and what came out of it.</summary>
internal sealed class Assembled
{
    public const long Limit = 8 * 1024 * 1024;

    public Assembled() => Assembly = new FrameAssembly(Budget, (in VideoHeader header, ReadOnlySpan<byte> bytes) => Frames.Add((header, bytes.ToArray())), Asked.Add, before => MayCome(before));

    public AssemblyBudget Budget { get; } = new(Limit);
    /// <summary>Whether a packet before this one is waited for.</summary>
    public Func<uint, bool> MayCome { get; set; } = _ => false;
    public FrameAssembly Assembly { get; }
    public List<(VideoHeader Header, byte[] Bytes)> Frames { get; } = [];
    public List<VideoLayer> Asked { get; } = [];
    public uint[] Numbers => [.. Frames.Select(f => f.Header.Frame)];

    /// <summary>Takes packets as the daemon's receive loop does.</summary>
    public void Add(params IEnumerable<byte[]> packets)
    {
        foreach (byte[] packet in packets)
            if (VideoHeader.TryReadPacket(packet, out VideoHeader header)) Assembly.Add(header, packet.AsSpan(VideoHeader.Bytes));
    }
}
