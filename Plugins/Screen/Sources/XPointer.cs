using System.Buffers.Binary;
using OpenCvSharp;

namespace LanCollab.Plugins.Screen;

/// <summary>The display's mouse pointer: its place, and its shape when that has changed.</summary>
internal sealed unsafe class XPointer(XDisplay display)
{
    private readonly bool _known = XExtensions.HasFixes(display.Handle);
    private nuint _serial;
    private PointerShape? _shape;

    /// <summary>As it is now, seen from a part of the display.</summary>
    /// <param name="origin">Where that part begins.</param>
    /// <param name="grid">Its size; a pointer beyond it is hidden.</param>
    public Pointer Look((int X, int Y) origin, TileGrid grid)
    {
        if (!_known) return Pointer.Hidden;
        XExtensions.CursorImage* image = XExtensions.XFixesGetCursorImage(display.Handle);
        if (image is null) return Pointer.Hidden;
        try
        {
            int x = image->X - origin.X, y = image->Y - origin.Y;
            if (x < 0 || y < 0 || x >= grid.Width || y >= grid.Height) return Pointer.Hidden;
            if (_shape is null || _serial != image->Serial) (_serial, _shape) = (image->Serial, Encode(*image));
            return new Pointer(x, y, _shape);
        }
        finally
        {
            _ = X11.XFree((nint)image);
        }
    }

    private PointerShape? Encode(in XExtensions.CursorImage image)
    {
        if (image.Width is 0 or > PointerFrame.MaxSide || image.Height is 0 or > PointerFrame.MaxSide) return null;
        byte[] pixels = new byte[image.Width * image.Height * Picture.BytesPerPixel];
        for (int i = 0; i < image.Width * image.Height; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(pixels.AsSpan(i * Picture.BytesPerPixel), Straight((uint)image.Pixels[i]));
        using Mat mat = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, pixels);
        Cv2.ImEncode(".png", mat, out byte[] png);
        return new PointerShape((_shape?.Number ?? 0) + 1, image.HotX, image.HotY, new EncodedImage(png, image.Width, image.Height));
    }

    /// <summary>PNG has colours that are not multiplied with their alpha.</summary>
    private static uint Straight(uint pixel)
    {
        uint alpha = pixel >> 24;
        if (alpha is 0 or 255) return pixel;
        uint Part(int shift) => Math.Min(255, (pixel >> shift & 255) * 255 / alpha) << shift;
        return alpha << 24 | Part(16) | Part(8) | Part(0);
    }
}
