namespace LanCollab.Contracts;

/// <summary>
/// Exponential back-off with full jitter: each wait is random between 0 and a ceiling that doubles, so that many clients who lost one
/// hub do not come back in step.
/// </summary>
/// <param name="first">The first ceiling.</param>
/// <param name="most">The highest ceiling.</param>
/// <param name="random">Tests give a seeded one.</param>
public sealed class Backoff(TimeSpan first, TimeSpan most, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;
    private int _failures;

    /// <summary>0.2 s to 10 s.</summary>
    public Backoff() : this(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10)) { }

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        TimeSpan ceiling = first * Math.Pow(2, Math.Min(_failures++, 30));
        return (ceiling < most ? ceiling : most) * _random.NextDouble();
    }

    /// <summary>After a success: start over.</summary>
    public void Reset() => _failures = 0;
}
