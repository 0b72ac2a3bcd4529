namespace LanCollab.Plugins.Screen;

/// <summary>
/// When to look at the pointer: often while it moves, and once it rests only when the display tells that it moves again; now and then all
/// the same, since one that a program sets elsewhere is not told of.
/// </summary>
internal sealed class PointerWatch(XDisplay display, XNews news, TimeProvider time)
{
    private static readonly TimeSpan Awake = TimeSpan.FromMilliseconds(33), Told = TimeSpan.FromSeconds(1), Untold = TimeSpan.FromMilliseconds(100);

    /// <summary>So many looks without anything new make it rest: two seconds.</summary>
    private const int QuietLooks = 60;

    private readonly XPointer _pointer = new(display);
    private int _quiet;
    private long _looked;

    /// <summary>As it was seen last; null before the first look.</summary>
    public Pointer? Seen { get; private set; }

    /// <summary>When to look next, if nothing is told.</summary>
    public long NextLook => _looked + (long)(Pause.TotalSeconds * time.TimestampFrequency);

    private bool Rests => _quiet >= QuietLooks;

    private TimeSpan Pause => !Rests ? Awake : news.TellsMotion ? Told : Untold;

    /// <summary>Looks, when it is time to.</summary>
    /// <returns>True when it is elsewhere or looks different.</returns>
    public bool Look(long now, (int X, int Y) origin, TileGrid grid)
    {
        bool called = Rests && (news.IsTouched || news.HasNewShape);
        if (!called && now < NextLook && Seen is not null) return false;
        Pointer before = Seen ?? Pointer.Hidden;
        Seen = _pointer.Look(origin, grid, news);
        (_looked, news.IsTouched) = (now, false);
        bool changed = Seen != before;
        _quiet = changed || called ? 0 : Math.Min(_quiet + 1, QuietLooks);
        news.ListenForMotion(Rests);
        return changed;
    }
}
