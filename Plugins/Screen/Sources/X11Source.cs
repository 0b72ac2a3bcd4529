using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// An X11 display, one of its monitors, or one of its windows. It rests until the display tells of something; then it takes the tiles that were
/// drawn on, at once when they have nothing to do with what was taken last, else when it is their turn.
/// </summary>
internal sealed class X11Source : IPictureSource
{
    /// <summary>How long to wait after the display has refused a picture, and where it does not tell what was drawn.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100), Blind = TimeSpan.FromMilliseconds(33);

    /// <summary>So often somebody has to ask all the same: not every window tells that it moves.</summary>
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);

    private readonly XDisplay _display;
    private readonly XPlace _place;
    private readonly XNews _news;
    private readonly XWatch _watch;
    private readonly PointerWatch _pointer;
    private readonly TimeProvider _time;

    // What was drawn on and not taken yet; what was taken in this turn; what is handed out.
    private readonly TileMask _drawn = new(), _taken = new(), _handed = new();
    private XImage? _image;
    private nuint _drawable;
    private Area _at;
    private long _located, _blindUntil;

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
            _news = new XNews(_display, _place.Watched);
            _pointer = new PointerWatch(_display, _news, time);
            _watch = new XWatch(_display.Descriptor);
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
    public Pointer? Pointer => _pointer.Seen;

    /// <inheritdoc />
    public async ValueTask<Shot> NextAsync(TimeSpan? patience, Turn turn, CancellationToken cancellationToken)
    {
        long limit = patience is { } longest ? After(_time.GetTimestamp(), longest) : long.MaxValue;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Look(turn) is { } shot) return shot;
            long now = _time.GetTimestamp();
            if (now >= limit && _image is not null) return Nothing(_image);
            TimeSpan pause = _time.GetElapsedTime(now, Math.Min(limit, NextLook(turn, now)));
            if (pause > TimeSpan.Zero) await _watch.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _watch.Dispose();
        _image?.Dispose();
        _image = null;
        _display.Dispose();
    }

    private long After(long moment, TimeSpan time) => moment + (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>When to look although the display has told nothing.</summary>
    private long NextLook(Turn turn, long now)
    {
        // An answer may have brought news along, which no longer lie where the watch waits for them.
        if (_news.HasMore) return now;
        long next = After(_located, Unasked);
        if (_image is not null) next = Math.Min(next, _pointer.NextLook);
        if (_drawn.Count > 0) next = Math.Min(next, Math.Max(now < turn.Early ? turn.Early : turn.Next, _blindUntil));
        return next;
    }

    /// <summary>One look; null when nothing has happened.</summary>
    private Shot? Look(Turn turn)
    {
        _news.Read(_drawn, _place.OriginOfDamage);
        if (_display.IsLost) throw _display.Gone();
        long now = _time.GetTimestamp();
        if (_news.HasMoved || now >= After(_located, Unasked)) Locate(now);
        if (_image is null) return null;
        if (now >= _blindUntil && Choose(turn, now) is { } early && Take(now) is { } shot) return shot with { Early = early };
        return _pointer.Look(now, _place.Origin, _image.Picture.Grid) ? Nothing(_image) : null;
    }

    private Shot Nothing(XImage image)
    {
        _handed.Clear();
        return new Shot(image.Picture, _handed);
    }

    /// <summary>Chooses what is to be taken now.</summary>
    /// <returns>Whether that is before its turn; null when there is nothing.</returns>
    private bool? Choose(Turn turn, long now)
    {
        if (!_news.TellsDamage) _drawn.Fill();
        if (_drawn.Count == 0 || now < turn.Early) return null;
        _handed.Clear();
        _handed.Add(_drawn);
        bool early = now < turn.Next;
        if (early) _handed.RemoveWhatTouches(_taken);
        else _taken.Clear();
        return _handed.Count > 0 ? early : null;
    }

    private Shot? Take(long now)
    {
        // A window may change its size at any moment; its pixels are elsewhere then.
        if (_place.Watched != _display.Root) Locate(now);
        if (_at.IsEmpty)
        {
            _drawn.Clear();
            _blindUntil = After(now, Again);
            return null;
        }
        // What is drawn after this is told anew; what has been drawn before is in the picture.
        _news.Forget();
        if (!TakeRows())
        {
            if (_display.IsLost) throw _display.Gone();
            (_news.HasMoved, _blindUntil) = (true, After(now, Again));
            return null;
        }
        _drawn.Remove(_handed);
        _taken.Add(_handed);
        if (!_news.TellsDamage) _blindUntil = After(now, Blind);
        _pointer.Look(now, _place.Origin, _image!.Picture.Grid);
        return new Shot(_image.Picture, _handed);
    }

    /// <summary>Takes the rows of all tiles that are handed out.</summary>
    private bool TakeRows()
    {
        TileGrid grid = _image!.Picture.Grid;
        for (int row = 0, end; row < grid.Rows; row = end)
        {
            for (end = row; end < grid.Rows && _handed.NextRun(end, 0, out _) < grid.Columns; end++) { }
            if (!_image.TryTake(_drawable, _at.X, _at.Y, row * TileGrid.TileSize, Math.Min(grid.Height, end * TileGrid.TileSize))) return false;
            end = Math.Max(end, row + 1);
        }
        return true;
    }

    /// <summary>Looks where the part is now; another place or size makes all of it new.</summary>
    private void Locate(long now)
    {
        (_located, _news.HasMoved) = (now, false);
        Area before = _at;
        (_drawable, _at) = _place.Locate();
        if (_at.IsEmpty || (_image is not null && _at == before)) return;
        var grid = new TileGrid(_at.Width, _at.Height);
        if (_image?.Picture.Grid != grid) Replace(grid);
        foreach (TileMask mask in (TileMask[])[_drawn, _taken, _handed]) mask.Reset(grid);
        _drawn.Fill();
        _handed.Fill();
    }

    private void Replace(TileGrid grid)
    {
        _image?.Dispose();
        _image = null;
        _image = new XImage(_display, grid.Width, grid.Height, Shared);
    }
}
