using System.Buffers.Binary;

namespace LanCollab.Plugins.Media.Video;

/// <summary>Reads a JPEG's size from its markers (ITU-T T.81, B.2), so that nothing is decoded that is larger than it says.</summary>
internal static class JpegSize
{
    private const int MarkerBytes = 2, LengthBytes = 2, HeightAt = 5, WidthAt = 7, FrameHeader = 9; // behind 0xFF and the marker

    /// <summary>True when a frame of kind SOF0 to SOF2 begins before the picture's data; then its size.</summary>
    public static bool TryRead(ReadOnlySpan<byte> jpeg, out int width, out int height)
    {
        width = height = 0;
        if (jpeg is not [0xFF, 0xD8, ..]) return false;
        for (int at = MarkerBytes; at + MarkerBytes + LengthBytes <= jpeg.Length;)
        {
            if (jpeg[at] != 0xFF) return false;
            byte marker = jpeg[at + 1];
            if (marker == 0xFF) { at++; continue; } // padding
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + MarkerBytes)..]);
            if (length < LengthBytes) return false;
            if (marker is >= 0xC0 and <= 0xC2) return TryReadFrame(jpeg[at..], out width, out height);
            // The data or the end without a size before it; or a kind of frame that is not read here.
            if (marker is 0xDA or 0xD9 || (marker is >= 0xC3 and <= 0xCF and not 0xC4 and not 0xCC)) return false;
            at += MarkerBytes + length;
        }
        return false;
    }

    private static bool TryReadFrame(ReadOnlySpan<byte> segment, out int width, out int height)
    {
        width = height = 0;
        if (segment.Length < FrameHeader) return false;
        height = BinaryPrimitives.ReadUInt16BigEndian(segment[HeightAt..]);
        width = BinaryPrimitives.ReadUInt16BigEndian(segment[WidthAt..]);
        return width > 0 && height > 0;
    }
}
