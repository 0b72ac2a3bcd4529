using System.Buffers.Binary;
using OpenCvSharp;

namespace LanCollab.Plugins.Screen;

/// <summary>The display's mouse pointer: its place, and its shape when that has changed.</summary>
internal sealed unsafe class XPointer(XDisplay display)
{
    private PointerShape? _shape;
    private nuint _serial;

    /// <summary>As it is now, seen from a part of the display.</summary>
    /// <param name="origin">Where that part begins.</param>
    /// <param name="grid">Its size; a pointer beyond it is hidden.</param>
    /// <param name="news">Tells when its shape has to be looked at again.</param>
    public Pointer Look((int X, int Y) origin, TileGrid grid, XNews news)
    {
        if (!news.TellsShape) return Pointer.Hidden;
        if (X11.XQueryPointer(display.Handle, display.Root, out _, out _, out int x, out int y, out _, out _, out _) == 0) return Pointer.Hidden;
        if (news.HasNewShape) LookAtShape();
        news.HasNewShape = false;
        (x, y) = (x - origin.X, y - origin.Y);
        return _shape is null || !grid.Whole.Covers(new Area(x, y, 1, 1)) ? Pointer.Hidden : new Pointer(x, y, _shape);
    }

    private void LookAtShape()
    {
        XExtensions.CursorImage* image = XExtensions.XFixesGetCursorImage(display.Handle);
        if (image is null) return;
        if (_shape is null || _serial != image->Serial) (_serial, _shape) = (image->Serial, Encode(*image));
        _ = X11.XFree((nint)image);
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
