namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Limits how often a sender is asked for a key frame of one layer: at once when the last time is long enough ago, else once more when
/// that time is over. So a request never gets lost, and many at the same time become one. For any thread.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="ask">Sends the request.</param>
internal sealed class KeyFrameRequests(TimeProvider time, Action ask) : IDisposable
{
    /// <summary>Two a second: a key frame is some ten times as long as others.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private long? _askedAt;
    private ITimer? _later;
    private bool _disposed;

    /// <summary>Asks now or soon.</summary>
    public void Ask()
    {
        lock (_lock)
        {
            if (_disposed || _later is not null) return;
            TimeSpan wait = _askedAt is { } at ? Interval - time.GetElapsedTime(at) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                _later = time.CreateTimer(_ => AskLater(), null, wait, Timeout.InfiniteTimeSpan);
                return;
            }
            _askedAt = time.GetTimestamp();
        }
        ask();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _later?.Dispose();
        }
    }

    private void AskLater()
    {
        lock (_lock)
        {
            _later?.Dispose();
            _later = null;
            if (_disposed) return;
            _askedAt = time.GetTimestamp();
        }
        ask();
    }
}
