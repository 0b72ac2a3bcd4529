namespace LanCollab.Plugins.Session;

/// <summary>
/// How long to wait before the next attempt. While the others do not know yet that somebody is missing, attempts follow each other
/// quickly, so that a short cut stays unnoticed; after that with exponential back-off. All of them are jittered in full: many clients who
/// lost one hub must not come back in step.
/// </summary>
/// <param name="most">The highest ceiling, <see cref="SessionOptions.RedialWithin"/>; asked when a connection breaks.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Tests give a seeded one.</param>
internal sealed class Patience(Func<TimeSpan> most, TimeProvider time, Random? random = null)
{
    /// <summary>The ceiling at the beginning, in either case.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    /// <summary>The ceiling while nobody has noticed.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);

    private readonly Backoff _quick = new(First, Quick, random);
    private Backoff _slow = new(First, most(), random);
    private TimeSpan _unnoticed;
    private long _began;

    /// <summary>The connection has just broken.</summary>
    /// <param name="unnoticed">So long it stays unnoticed.</param>
    public void Begin(TimeSpan unnoticed)
    {
        (_began, _unnoticed) = (time.GetTimestamp(), unnoticed);
        _slow = new Backoff(First, most(), random);
    }

    /// <summary>Before the next attempt.</summary>
    public TimeSpan Next() => time.GetElapsedTime(_began) < _unnoticed ? _quick.Next() : _slow.Next();

    /// <summary>It succeeded.</summary>
    public void Reset()
    {
        _unnoticed = TimeSpan.Zero;
        _quick.Reset();
        _slow.Reset();
    }
}
