namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Decides which size of one person's camera this client can take: the small one after a window of 2 s in which more than a tenth of the
/// frames went missing (on the way, or because the page did not keep up), the large one again after 10 s without any.
/// </summary>
internal sealed class LayerGovernor
{
    /// <summary>How often <see cref="Next"/> is called.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private const int CleanWindows = 5;
    private const double TooMuch = 0.10;
    // Below this a single frame would decide.
    private const int FewestFrames = 5;

    private int _clean;

    /// <summary>True while the small size is all that gets through.</summary>
    public bool IsReduced { get; private set; }

    /// <summary>Takes the figures of one window.</summary>
    /// <param name="shown">Frames that came whole and were taken by the page.</param>
    /// <param name="missing">Frames that did not come or were not taken.</param>
    /// <returns>True when <see cref="IsReduced"/> has changed.</returns>
    public bool Next(long shown, long missing)
    {
        bool bad = shown + missing >= FewestFrames && missing > TooMuch * (shown + missing);
        _clean = missing == 0 && shown > 0 ? _clean + 1 : 0;
        bool reduced = IsReduced ? _clean < CleanWindows : bad;
        if (reduced == IsReduced) return false;
        IsReduced = reduced;
        _clean = 0;
        return true;
    }
}
