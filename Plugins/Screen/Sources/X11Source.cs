using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>The whole of an X11 display.</summary>
internal sealed class X11Source : IPictureSource
{
    private readonly string _name;
    private readonly nint _lost = Marshal.AllocHGlobal(sizeof(int));
    private readonly nint _display;
    private bool _disposed;
    private Picture _picture = new(1, 1);

    /// <summary>Connects to the display.</summary>
    /// <param name="name">For example <c>:0</c>; empty: the environment's <c>DISPLAY</c>.</param>
    /// <exception cref="UserErrorException"><c>no-display</c>.</exception>
    /// <exception cref="MissingLibraryException">libX11 is not installed.</exception>
    public X11Source(string name)
    {
        _name = name.Length > 0 ? name : Environment.GetEnvironmentVariable("DISPLAY") ?? "";
        Marshal.WriteInt32(_lost, 0);
        try
        {
            _display = Open();
        }
        catch
        {
            Dispose();
            throw;
        }
        X11.SurviveLoss(_display, _lost);
    }

    /// <inheritdoc />
    public ValueTask<Picture> NextAsync(CancellationToken cancellationToken)
    {
        nuint root = X11.XDefaultRootWindow(_display);
        int known = X11.XGetGeometry(_display, root, out _, out _, out _, out uint width, out uint height, out _, out _);
        if (known == 0 || IsLost) throw Gone();
        nint image = X11.XGetImage(_display, root, 0, 0, width, height, X11.AllPlanes, X11.ZPixmap);
        if (image == 0 || IsLost) throw Gone();
        try
        {
            Copy(Marshal.PtrToStructure<X11.Image>(image));
        }
        finally
        {
            _ = X11.XDestroyImage(image);
        }
        return ValueTask.FromResult(_picture);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // After a loss the library has given the display up half-way: closing it would crash, and it may still look at the flag.
        if (_disposed || IsLost) return;
        _disposed = true;
        if (_display != 0) _ = X11.XCloseDisplay(_display);
        Marshal.FreeHGlobal(_lost);
    }

    private bool IsLost => Marshal.ReadInt32(_lost) != 0;

    private nint Open()
    {
        if (_name.Length == 0)
            throw new UserErrorException("no-display", "This machine has no X11 display (DISPLAY is not set); share from the browser instead.");
        X11.Prepare();
        nint display = X11.XOpenDisplay(_name);
        return display != 0 ? display : throw new UserErrorException("no-display", $"The X11 display {_name} cannot be opened; is it running and may this user see it?");
    }

    private unsafe void Copy(in X11.Image image)
    {
        if (image.BitsPerPixel != 32 || image.ByteOrder != X11.LsbFirst || image.BlueMask != 0xFF || image.RedMask != 0xFF0000)
            throw new UserErrorException("no-display", $"The display {_name} has {image.BitsPerPixel} bits a pixel; only 32 (24-bit colour) can be shared.");
        var grid = new TileGrid(image.Width, image.Height);
        if (grid.Width > TileGrid.MaxSide || grid.Height > TileGrid.MaxSide || (long)grid.Width * grid.Height > TileGrid.MaxPixels)
            throw new UserErrorException("no-display", $"The display {_name} is {grid.Width}x{grid.Height} pixels, more than can be shared.");
        if (_picture.Grid != grid) _picture = new Picture(grid.Width, grid.Height);
        int line = grid.Width * Picture.BytesPerPixel;
        for (int y = 0; y < grid.Height; y++)
            new ReadOnlySpan<byte>((byte*)image.Data + (long)y * image.BytesPerLine, line).CopyTo(_picture.Pixels.AsSpan(y * line));
    }

    private UserErrorException Gone() => new("no-display", $"The X11 display {_name} has gone.");
}
