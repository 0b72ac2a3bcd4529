namespace LanCollab.Plugins.Session;

/// <summary>What one client's beats tell about its connection, in milliseconds. Not thread-safe.</summary>
internal sealed class LinkQuality
{
    private const int Kept = 32;

    private readonly double[] _ring = new double[Kept];

    /// <summary>Intervals since the client came, also those that are no longer kept.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of the intervals kept; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : Last.Sum() / Last.Count();

    /// <summary>The longest of the intervals kept; 0 when there is none.</summary>
    public double Max => Count == 0 ? 0 : Last.Max();

    /// <summary>The last round trip; null before the first.</summary>
    public double? RoundTrip { get; private set; }

    /// <summary>Smoothed difference between one round trip and the next, as RFC 3550, 6.4.1 has it for arrivals.</summary>
    public double Jitter { get; private set; }

    private IEnumerable<double> Last => _ring.Take((int)Math.Min(Count, Kept));

    /// <summary>Records an interval between two beats.</summary>
    public void Add(double milliseconds) => _ring[Count++ % Kept] = milliseconds;

    /// <summary>Records a round trip.</summary>
    public void AddRoundTrip(double milliseconds)
    {
        if (RoundTrip is { } before) Jitter += (Math.Abs(milliseconds - before) - Jitter) / 16;
        RoundTrip = milliseconds;
    }

    /// <summary>For whoever asks.</summary>
    public LinkStats Of(string id) => new(id, Count, Math.Round(Mean, 1), Math.Round(Max, 1), Math.Round(Jitter, 2), RoundTrip is { } rtt ? Math.Round(rtt, 2) : null);
}
