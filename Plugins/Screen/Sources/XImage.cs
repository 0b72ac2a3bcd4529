using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Where pictures of a display arrive: in memory that is shared with the display's server (MIT-SHM), so that nothing is copied on the way; or,
/// for a display elsewhere, over its connection.
/// </summary>
internal sealed unsafe class XImage : IDisposable
{
    private const int PrivateKey = 0, CreateForUser = 0x200 | 0x180, RemoveId = 0;
    private const uint Depth = 24;

    private readonly XDisplay _display;
    private readonly X11.Image* _image;
    private readonly XExtensions.Segment* _segment;

    /// <summary>Makes room.</summary>
    /// <exception cref="UserErrorException">The picture is too large, or has another layout than 32 bits a pixel.</exception>
    public XImage(XDisplay display, int width, int height, bool shared)
    {
        _display = display;
        Check(display, width, height);
        if (shared) _image = TryShare(display, width, height, out _segment);
        if (_image is not null) CheckLayout(display, *_image);
        Picture = _image is null ? new Picture(width, height) : new Picture(width, height, _image->Data);
    }

    /// <summary>What is seen.</summary>
    public Picture Picture { get; }

    /// <summary>True when nothing is copied.</summary>
    public bool IsShared => _image is not null;

    /// <summary>Takes some rows.</summary>
    /// <param name="drawable">From what.</param>
    /// <param name="x">Where the picture begins in it.</param>
    /// <param name="y">Where the picture begins in it.</param>
    /// <param name="top">The first row of the picture.</param>
    /// <param name="bottom">The row after the last.</param>
    /// <returns>False when the display refused.</returns>
    public bool TryTake(nuint drawable, int x, int y, int top, int bottom) =>
        bottom <= top || (_image is null ? TryCopy(drawable, x, y, top, bottom) : TryTakeShared(drawable, x, y, top, bottom));

    /// <inheritdoc />
    public void Dispose()
    {
        if (_image is null) return;
        if (!_display.IsLost) _ = XExtensions.XShmDetach(_display.Handle, (nint)_segment);
        _image->Data = 0;
        if (!_display.IsLost) _ = X11.XDestroyImage((nint)_image);
        _ = XExtensions.SharedDetach(_segment->Address);
        NativeMemory.Free(_segment);
    }

    private bool TryTakeShared(nuint drawable, int x, int y, int top, int bottom)
    {
        // The rows go where they belong: the server writes from where the image's data is said to begin.
        (nint data, int height) = (_image->Data, _image->Height);
        (_image->Data, _image->Height) = (data + (nint)top * _image->BytesPerLine, bottom - top);
        int taken = XExtensions.XShmGetImage(_display.Handle, drawable, (nint)_image, x, y + top, X11.AllPlanes);
        (_image->Data, _image->Height) = (data, height);
        return taken != 0 && !_display.IsLost;
    }

    private bool TryCopy(nuint drawable, int x, int y, int top, int bottom)
    {
        var image = (X11.Image*)X11.XGetImage(_display.Handle, drawable, x, y + top, (uint)Picture.Grid.Width, (uint)(bottom - top), X11.AllPlanes, X11.ZPixmap);
        if (image is null || _display.IsLost) return false;
        try
        {
            CheckLayout(_display, *image);
            for (int row = 0; row < bottom - top; row++)
                new ReadOnlySpan<uint>((byte*)image->Data + (nint)row * image->BytesPerLine, Picture.Grid.Width).CopyTo(Picture.Row(0, top + row, Picture.Grid.Width));
        }
        finally
        {
            _ = X11.XDestroyImage((nint)image);
        }
        return true;
    }

    /// <summary>Null when the display's server cannot see this machine's memory, or there is none left.</summary>
    private static X11.Image* TryShare(XDisplay display, int width, int height, out XExtensions.Segment* segment)
    {
        segment = null;
        if (!XExtensions.HasShm(display.Handle)) return null;
        var made = (XExtensions.Segment*)NativeMemory.AllocZeroed((nuint)sizeof(XExtensions.Segment));
        nint visual = X11.XDefaultVisual(display.Handle, X11.XDefaultScreen(display.Handle));
        var image = (X11.Image*)XExtensions.XShmCreateImage(display.Handle, visual, Depth, X11.ZPixmap, 0, (nint)made, (uint)width, (uint)height);
        if (image is not null && image->BytesPerLine == width * Picture.BytesPerPixel && TryAttach(display, image, made))
        {
            segment = made;
            return image;
        }
        if (image is not null) _ = X11.XDestroyImage((nint)image);
        NativeMemory.Free(made);
        return null;
    }

    private static bool TryAttach(XDisplay display, X11.Image* image, XExtensions.Segment* segment)
    {
        segment->Id = XExtensions.SharedGet(PrivateKey, (nuint)image->BytesPerLine * (nuint)image->Height, CreateForUser);
        if (segment->Id < 0) return false;
        segment->Address = XExtensions.SharedAttach(segment->Id, 0, 0);
        bool attached = segment->Address != -1 && display.Succeeds(() => _ = XExtensions.XShmAttach(display.Handle, (nint)segment));
        // From here on it goes with its last user, however that one ends.
        _ = XExtensions.SharedControl(segment->Id, RemoveId, 0);
        if (attached) image->Data = segment->Address;
        else if (segment->Address != -1) _ = XExtensions.SharedDetach(segment->Address);
        return attached;
    }

    private static void Check(XDisplay display, int width, int height)
    {
        if (width is < 1 or > TileGrid.MaxSide || height is < 1 or > TileGrid.MaxSide || (long)width * height > TileGrid.MaxPixels)
            throw new UserErrorException("no-display", $"The display {display.Name} shows {width}x{height} pixels, more than can be shared.");
    }

    private static void CheckLayout(XDisplay display, in X11.Image image)
    {
        if (image.BitsPerPixel != 32 || image.ByteOrder != X11.LsbFirst || image.BlueMask != 0xFF || image.RedMask != 0xFF0000)
            throw new UserErrorException("no-display", $"The display {display.Name} has {image.BitsPerPixel} bits a pixel; only 32 (24-bit colour) can be shared.");
    }
}
