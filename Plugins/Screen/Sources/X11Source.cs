using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>An X11 display, one of its monitors, or one of its windows.</summary>
internal sealed class X11Source : IPictureSource
{
    /// <summary>How often the pointer is looked at, and without DAMAGE everything; later, when nothing has happened for a while.</summary>
    private static readonly TimeSpan Awake = TimeSpan.FromMilliseconds(33), Drowsy = TimeSpan.FromMilliseconds(100);

    /// <summary>So many looks without anything make drowsy.</summary>
    private const int QuietLooks = 60;

    private readonly XDisplay _display;
    private readonly XPlace _place;
    private readonly XPointer _pointer;
    private readonly XDamage _damage;
    private readonly TimeProvider _time;
    private XImage? _image;
    private int _quiet;

    /// <summary>Connects and finds the place.</summary>
    /// <param name="target">As <see cref="XTarget.Parse"/> reads it.</param>
    /// <param name="time">For patience.</param>
    /// <param name="shared">False: not by shared memory, also where that would be possible.</param>
    /// <exception cref="UserErrorException"><c>no-display</c>, <c>bad-source</c>, <c>no-monitor</c>, <c>window-gone</c>, <c>no-composite</c>.</exception>
    /// <exception cref="MissingLibraryException">libX11 is not installed.</exception>
    public X11Source(string target, TimeProvider time, bool shared = true)
    {
        XTarget part = XTarget.Parse(target);
        _display = new XDisplay(part.Display);
        (_time, Shared) = (time, shared);
        try
        {
            _place = new XPlace(_display, part);
            _place.Locate();
            _pointer = new XPointer(_display);
            _damage = new XDamage(_display, _place.Watched);
        }
        catch
        {
            _display.Dispose();
            throw;
        }
    }

    /// <summary>May pictures come by shared memory.</summary>
    public bool Shared { get; }

    /// <summary>Whether they do; for tests.</summary>
    public bool IsShared => _image?.IsShared ?? false;

    /// <inheritdoc />
    public Pointer? Pointer { get; private set; }

    /// <inheritdoc />
    public async ValueTask<Shot> NextAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Look() is { } shot) return shot;
            TimeSpan pause = _quiet++ < QuietLooks ? Awake : Drowsy;
            if (patience is { } longest && _image is not null)
            {
                TimeSpan left = longest - _time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) return new Shot(_image.Picture, 0, 0);
                pause = left < pause ? left : pause;
            }
            await _display.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _image?.Dispose();
        _display.Dispose();
    }

    /// <summary>One look; null when nothing has happened.</summary>
    private Shot? Look()
    {
        (int top, int bottom) = _damage.Look();
        if (_display.IsLost) throw _display.Gone();
        Pointer before = Pointer ?? Pointer.Hidden;
        if (_image is not null) Pointer = _pointer.Look(_place.Origin, _image.Picture.Grid);
        bool pointed = Pointer is not null && Pointer != before;
        if (pointed) _quiet = 0;
        if (_image is not null && _damage.IsKnown && bottom == 0) return pointed || Moved() ? new Shot(_image.Picture, 0, 0) : null;
        return Take(top, _damage.IsKnown ? bottom : int.MaxValue) is { } shot ? shot : pointed ? new Shot(_image!.Picture, 0, 0) : null;
    }

    /// <summary>A window that closes tells nothing: now and then somebody has to ask.</summary>
    private bool Moved()
    {
        if (_quiet % 8 == 7) _place.Locate();
        return false;
    }

    private Shot? Take(int top, int bottom)
    {
        (nuint drawable, Area at) = _place.Locate();
        if (at.IsEmpty) return null;
        bool fresh = _image is null || _image.Picture.Grid != new TileGrid(at.Width, at.Height);
        if (fresh) Replace(at);
        // What is drawn after this is told anew; what has been drawn before is in the picture.
        _damage.Take();
        (top, bottom) = fresh ? (0, at.Height) : (Math.Clamp(top - RowsAbove(at), 0, at.Height), (int)Math.Clamp((long)bottom - RowsAbove(at), 0, at.Height));
        if (!_image!.TryTake(drawable, at.X, at.Y, top, bottom)) return _display.IsLost ? throw _display.Gone() : null;
        if (_damage.IsKnown) _quiet = 0;
        Pointer = _pointer.Look(_place.Origin, _image.Picture.Grid);
        return new Shot(_image.Picture, top, bottom);
    }

    /// <summary>Damage is told in rows of what is watched: for a monitor those of the whole display.</summary>
    private int RowsAbove(Area at) => _place.Watched == _display.Root ? at.Y : 0;

    private void Replace(Area at)
    {
        _image?.Dispose();
        _image = null;
        _image = new XImage(_display, at.Width, at.Height, Shared);
    }
}
