namespace LanCollab.Plugins.Session;

/// <summary>The last intervals between one client's beats, in milliseconds. Not thread-safe.</summary>
internal sealed class BeatIntervals
{
    private const int Kept = 32;

    private readonly double[] _ring = new double[Kept];

    /// <summary>Intervals since the client came, also those that are no longer kept.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of those kept; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : Last.Sum() / Last.Count();

    /// <summary>The longest of those kept; 0 when there is none.</summary>
    public double Max => Count == 0 ? 0 : Last.Max();

    private IEnumerable<double> Last => _ring.Take((int)Math.Min(Count, Kept));

    /// <summary>Records one.</summary>
    public void Add(double milliseconds) => _ring[Count++ % Kept] = milliseconds;
}
