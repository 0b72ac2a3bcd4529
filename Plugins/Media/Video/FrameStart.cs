namespace LanCollab.Plugins.Media.Video;

/// <summary>Looks at the first bytes of an encoded frame: whether it is what its header says. Nothing is decoded.</summary>
internal static class FrameStart
{
    // RFC 6386, 9.1: frame tag, then for key frames a start code and the size.
    private const int Vp8KeyHeader = 10;
    private const int SizeMask = 0x3FFF;

    /// <summary>False when the bytes contradict the header: another codec, a lie about the key frame, another size.</summary>
    /// <param name="header">Of the frame's first fragment.</param>
    /// <param name="bytes">Behind it.</param>
    public static bool Fits(in VideoHeader header, ReadOnlySpan<byte> bytes) =>
        header.Codec == VideoCodec.Jpeg ? IsJpeg(bytes) : FitsVp8(header, bytes);

    // Start of image and the next marker (ITU-T T.81, B.2.1).
    private static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes is [0xFF, 0xD8, 0xFF, ..];

    private static bool FitsVp8(in VideoHeader header, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || (bytes[0] & 1) == 0 != header.Key) return false;
        if (!header.Key) return true;
        if (bytes.Length < Vp8KeyHeader || bytes[3] != 0x9D || bytes[4] != 0x01 || bytes[5] != 0x2A) return false;
        int width = (bytes[6] | bytes[7] << 8) & SizeMask, height = (bytes[8] | bytes[9] << 8) & SizeMask;
        return width == header.Width && height == header.Height;
    }
}
