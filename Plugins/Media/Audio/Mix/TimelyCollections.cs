using System.Globalization;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// Collects the youngest garbage on a thread that goes before others, right after its beat. The runtime collects on whatever thread allocates next, and all others stand still
/// meanwhile: where other programs keep all cores busy such a thread is given a few milliseconds out of fifty, and a collection of five takes a hundred, which is a gap in the sound.
/// </summary>
internal static class TimelyCollections
{
    // At so many bytes the runtime collects anyway; what it says of itself where it does.
    private const long UsualBudget = 6 * 1024 * 1024;
    private const string BudgetName = "GCGen0MaxBudget";
    private static readonly long Between = TimeProvider.System.TimestampFrequency / 10;

    private static readonly Lock Gate = new();
    private static readonly CollectionPace Pace = new(Budget());
    private static long _lookedAt;

    /// <summary>Collections that were done here.</summary>
    public static long Count { get; private set; }

    /// <summary>Collects if it is time to. For a thread whose next beat is some milliseconds away; looks ten times a second at most, whoever asks.</summary>
    public static void Look()
    {
        long now = TimeProvider.System.GetTimestamp();
        if (now - Volatile.Read(ref _lookedAt) < Between || !Gate.TryEnter()) return;
        try
        {
            _lookedAt = now;
            if (!Pace.IsDue(GC.CollectionCount(0), GC.GetTotalAllocatedBytes())) return;
            GC.Collect(0, GCCollectionMode.Forced, blocking: true, compacting: false);
            Pace.Collected(GC.CollectionCount(0), GC.GetTotalAllocatedBytes());
            Count++;
        }
        finally
        {
            Gate.Exit();
        }
    }

    private static long Budget() =>
        GC.GetConfigurationVariables().TryGetValue(BudgetName, out object? told) && Convert.ToInt64(told, CultureInfo.InvariantCulture) is > 0 and var budget ? budget : UsualBudget;
}
