namespace LanCollab.Contracts;

/// <summary>
/// Who goes on with a service's handler when something has come on one of its channels. The last two need Linux on x64, and are <see cref="Pooled"/> elsewhere and until a channel's first wait; whatever a
/// handler waits for, and on whichever thread, other channels are read meanwhile.
/// </summary>
public enum StreamReading
{
    /// <summary>The thread pool.</summary>
    Pooled,

    /// <summary>
    /// For services where people wait for what others' short messages cause: a message that comes after a moment of calm is handled on the thread that has waited for it, without the hand-over to the
    /// thread pool.
    /// </summary>
    Prompt,

    /// <summary>
    /// For services to which much is sent: whatever comes is handled on the thread that has waited for it, one of a few that are for such services alone; what more channels than these bring at the same time,
    /// by the pool. A handler that finds itself on none of the pool's threads (<see cref="Thread.IsThreadPoolThread"/>) may compute there, and write to a disk, for some milliseconds at a time. It must
    /// not block until another channel has been read.
    /// </summary>
    Bulk,
}
