namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Whether a stream's packets carry copies of the frames before them, by the loss that its receiver reports: on at once, off when next to nothing
/// has been lost for a while, so that rare losses do not make it flutter. Reports come when something has changed.
/// </summary>
internal sealed class Correction(TimeProvider time)
{
    private const double OnAbove = 0.01;
    private const double CalmBelow = 0.002;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private bool _isOn;
    private bool _isCalm = true;
    private long _calmSince;

    /// <summary>True while copies are worth their bytes.</summary>
    public bool IsOn => _isOn && (!_isCalm || time.GetElapsedTime(_calmSince) < Calm);

    /// <summary>Takes a report.</summary>
    /// <param name="loss">The share of packets that did not arrive, 0 to 1.</param>
    public void Note(double loss)
    {
        _isOn = IsOn || loss > OnAbove;
        bool calm = loss < CalmBelow;
        if (calm && !_isCalm) _calmSince = time.GetTimestamp();
        _isCalm = calm;
    }
}
