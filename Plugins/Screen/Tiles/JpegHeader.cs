using System.Buffers.Binary;

namespace LanCollab.Plugins.Screen;

/// <summary>The size of a JPEG, read from its frame header without decoding anything (ITU-T T.81, B.2.2: baseline or progressive).</summary>
internal static class JpegHeader
{
    private const byte Marker = 0xFF, StartOfImage = 0xD8, BaselineFrame = 0xC0, ProgressiveFrame = 0xC2, StartOfScan = 0xDA;
    private const int FrameLength = 9;

    /// <summary>False when this is no JPEG, or none with a frame header before its data.</summary>
    public static bool TryRead(ReadOnlySpan<byte> jpeg, out uint width, out uint height)
    {
        (width, height) = (0, 0);
        if (jpeg.Length < 4 || jpeg[0] != Marker || jpeg[1] != StartOfImage) return false;
        for (int at = 2; at + 4 + FrameLength <= jpeg.Length && jpeg[at] == Marker && jpeg[at + 1] != StartOfScan;)
        {
            ReadOnlySpan<byte> segment = jpeg[(at + 2)..];
            if (jpeg[at + 1] is >= BaselineFrame and <= ProgressiveFrame)
            {
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]));
                return true;
            }
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(segment);
        }
        return false;
    }
}
