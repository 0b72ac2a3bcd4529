namespace LanCollab.Plugins.Session;

/// <summary>
/// How long to wait before the next attempt. While the others do not know yet that somebody is missing, attempts follow each other
/// quickly, so that a short cut stays unnoticed; after that with exponential back-off. All of them are jittered in full: many clients who
/// lost one hub must not come back in step.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Tests give a seeded one.</param>
internal sealed class Patience(TimeProvider time, Random? random = null)
{
    /// <summary>The ceiling at the beginning, in either case.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    /// <summary>The ceiling while nobody has noticed.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(500);

    // A hub that is started again has everybody back within 10 s, however long it was away: more than 5 s would leave no room for the rest.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    private readonly Backoff _quick = new(First, Quick, random), _slow = new(First, Most, random);
    private TimeSpan _unnoticed;
    private long _began;

    /// <summary>The connection has just broken.</summary>
    /// <param name="unnoticed">So long it stays unnoticed.</param>
    public void Begin(TimeSpan unnoticed) => (_began, _unnoticed) = (time.GetTimestamp(), unnoticed);

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
