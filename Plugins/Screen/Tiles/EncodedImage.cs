using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>A PNG or JPEG that nobody here decodes: its bytes and the size that its header tells.</summary>
/// <param name="bytes">Belong to it; never changed.</param>
/// <param name="width">In pixels.</param>
/// <param name="height">In pixels.</param>
internal sealed class EncodedImage(byte[] bytes, int width, int height)
{
    /// <summary>The most pixels of one image: small ones are dropped sooner when they are painted over.</summary>
    public const int MaxPixels = 192 * 1024;

    /// <summary>The most bytes: so many pixels of RGBA that do not compress, and the headers.</summary>
    public const int MaxBytes = MaxPixels * 4 + 4 * 1024;

    public byte[] Bytes { get; } = bytes;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>How many pieces of the one picture that owns this image show something of it.</summary>
    public int Uses { get; set; }

    /// <summary>Which packing has written it last, and as which image of that update; the packer's own notes.</summary>
    public (long Packing, int Index) Packed { get; set; }

    /// <summary>Checks the header and copies the bytes.</summary>
    /// <exception cref="ProtocolErrorException">It is neither PNG nor JPEG, or too large.</exception>
    public static EncodedImage Read(ReadOnlySpan<byte> bytes)
    {
        if (!PngHeader.TryRead(bytes, out uint width, out uint height) && !JpegHeader.TryRead(bytes, out width, out height))
            throw new ProtocolErrorException($"An image of {bytes.Length} bytes is neither PNG nor JPEG.");
        if (width is 0 or > MaxPixels || height is 0 or > MaxPixels || (long)width * height > MaxPixels)
            throw new ProtocolErrorException($"An image of {width}x{height} pixels came; allowed are {MaxPixels} in all.");
        return new EncodedImage(bytes.ToArray(), (int)width, (int)height);
    }
}
