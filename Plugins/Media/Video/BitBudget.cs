namespace LanCollab.Plugins.Media.Video;

/// <summary>Leaves pictures out so that the rest keeps within a bit rate: one may be sent whenever what went before is paid for.</summary>
/// <param name="time">The clock.</param>
internal sealed class BitBudget(TimeProvider time)
{
    // Saved up at most, in seconds of the rate: less than a queue that would be noticed.
    private const double Saved = 0.1;

    private double _bits;
    private long _at = time.GetTimestamp();

    /// <summary>True when a picture may be sent now.</summary>
    /// <param name="bitrate">Bits a second; null: no limit.</param>
    public bool Takes(int? bitrate)
    {
        long now = time.GetTimestamp();
        double earned = (bitrate ?? 0) * time.GetElapsedTime(_at, now).TotalSeconds;
        _at = now;
        if (bitrate is not { } rate)
        {
            _bits = 0;
            return true;
        }
        _bits = Math.Min(_bits + earned, rate * Saved);
        return _bits >= 0;
    }

    /// <summary>So much was sent.</summary>
    public void Spend(int bytes) => _bits -= bytes * 8.0;
}
