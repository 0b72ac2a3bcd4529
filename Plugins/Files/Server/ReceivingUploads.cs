namespace LanCollab.Plugins.Files;

/// <summary>
/// Who hashes and writes the blocks that come. One upload needs more than one core: the threads of <see cref="BlockWork"/> work while the next block is received. Several need none of that: all cores
/// are busy in any case, and whoever received a block works on it where it is, without hand-over and without memory for blocks that wait.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ReceivingUploads(TimeProvider time)
{
    /// <summary>An upload of which no block has come for so long is not being received: it rests, waits for its acknowledgements, or has ended.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private (string? Upload, long At) _last, _another;

    /// <summary>Whether the calling thread may be kept busy. Tests, which have no loop, say so themselves.</summary>
    internal Func<bool> IsOwnThread { get; set; } = () => !Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>A block of an upload has come.</summary>
    /// <param name="upload">Its key; two connections of one upload are one.</param>
    /// <returns>True: the calling thread is to hash and write it.</returns>
    public bool WorksHere(string upload) => AreSeveral(upload) && IsOwnThread();

    private bool AreSeveral(string upload)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            // So the other one is always the latest that is not the last.
            if (_last.Upload != upload) _another = _last;
            _last = (upload, now);
            return _another.Upload is not null && time.GetElapsedTime(_another.At, now) < Moment;
        }
    }
}
