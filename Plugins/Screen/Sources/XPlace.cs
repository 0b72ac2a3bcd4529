using System.Globalization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>Which part of a display: <c>[display][#monitor=name | #window=number]</c>.</summary>
/// <param name="Display">Empty: the environment's.</param>
/// <param name="Monitor">Its name, or null.</param>
/// <param name="Window">Its number, or 0.</param>
internal readonly record struct XTarget(string Display, string? Monitor, nuint Window)
{
    private const string MonitorMark = "#monitor=", WindowMark = "#window=";

    /// <summary>Reads it.</summary>
    /// <exception cref="UserErrorException"><c>bad-source</c>.</exception>
    public static XTarget Parse(string text)
    {
        int mark = text.IndexOf('#', StringComparison.Ordinal);
        if (mark < 0) return new XTarget(text, null, 0);
        string part = text[mark..], display = text[..mark];
        if (part.StartsWith(MonitorMark, StringComparison.Ordinal)) return new XTarget(display, part[MonitorMark.Length..], 0);
        if (part.StartsWith(WindowMark, StringComparison.Ordinal) && nuint.TryParse(part[WindowMark.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out nuint window) && window != 0)
            return new XTarget(display, null, window);
        throw new UserErrorException("bad-source", $"\"{part}\" is no part of a display; use {MonitorMark}<name> or {WindowMark}<number>.");
    }

    /// <inheritdoc />
    public override string ToString() =>
        Monitor is not null ? $"{Display}{MonitorMark}{Monitor}" : Window != 0 ? string.Create(CultureInfo.InvariantCulture, $"{Display}{WindowMark}{Window}") : Display;
}

/// <summary>The part of a display that is captured: what to read pixels from, and where in it.</summary>
internal sealed class XPlace(XDisplay display, XTarget target)
{
    private const int RedirectAutomatic = 0;

    private nuint _pixmap;
    private (int Width, int Height) _pixmapSize;
    private bool _redirected;

    /// <summary>What damage is reported for.</summary>
    public nuint Watched => target.Window != 0 ? target.Window : display.Root;

    /// <summary>The pointer's place is counted from its top left.</summary>
    public (int X, int Y) Origin { get; private set; }

    /// <summary>Where the picture begins in what damage is told of: that of a monitor is told in places of the whole display.</summary>
    public (int X, int Y) OriginOfDamage => target.Window != 0 ? default : Origin;

    /// <summary>Looks where it is now.</summary>
    /// <returns>What to read from, and the area in it; an empty one while a window is not to be seen.</returns>
    /// <exception cref="UserErrorException">The display, monitor or window has gone.</exception>
    public (nuint Drawable, Area At) Locate() => target.Window != 0 ? LocateWindow() : (display.Root, target.Monitor is null ? LocateRoot() : LocateMonitor());

    private Area LocateRoot()
    {
        int known = X11.XGetGeometry(display.Handle, display.Root, out _, out _, out _, out uint width, out uint height, out _, out _);
        if (known == 0 || display.IsLost) throw display.Gone();
        return new Area(0, 0, (int)width, (int)height);
    }

    private Area LocateMonitor()
    {
        foreach ((string name, Area at, _) in XSources.Monitors(display))
            if (name == target.Monitor)
            {
                Origin = (at.X, at.Y);
                return at.Intersect(LocateRoot());
            }
        throw new UserErrorException("no-monitor", $"The display {display.Name} has no monitor {target.Monitor} any more.");
    }

    private (nuint, Area) LocateWindow()
    {
        int known = X11.XGetGeometry(display.Handle, target.Window, out nuint root, out _, out _, out uint width, out uint height, out uint border, out _);
        if (display.IsLost) throw display.Gone();
        if (known == 0) throw new UserErrorException("window-gone", "The window that was shared has been closed.");
        Redirect();
        if (_pixmap == 0 || _pixmapSize != ((int)width, (int)height)) Name((int)width, (int)height);
        _ = X11.XTranslateCoordinates(display.Handle, target.Window, root, 0, 0, out int x, out int y, out _);
        Origin = (x, y);
        return _pixmap == 0 ? (target.Window, default) : (_pixmap, new Area((int)border, (int)border, (int)width, (int)height));
    }

    /// <summary>Has the window drawn apart from what covers it: nothing but the window itself is to be shared.</summary>
    private void Redirect()
    {
        if (_redirected) return;
        if (!XExtensions.HasComposite(display.Handle))
            throw new UserErrorException("no-composite", "A single window cannot be shared here (libxcomposite1 or the Composite extension is missing); share the whole screen.");
        XExtensions.XCompositeRedirectWindow(display.Handle, target.Window, RedirectAutomatic);
        _redirected = true;
    }

    private void Name(int width, int height)
    {
        if (_pixmap != 0) _ = X11.XFreePixmap(display.Handle, _pixmap);
        nuint pixmap = 0;
        // Refused while the window is not to be seen (minimised, on another desktop).
        bool named = display.Succeeds(() => pixmap = XExtensions.XCompositeNameWindowPixmap(display.Handle, target.Window));
        (_pixmap, _pixmapSize) = (named ? pixmap : 0, (width, height));
    }
}
