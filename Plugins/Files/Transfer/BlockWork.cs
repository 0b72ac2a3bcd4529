namespace LanCollab.Plugins.Files;

/// <summary>
/// Where blocks are hashed and written: on as many pool threads as there are cores, one block at a time each. A queue of its own, so that
/// a connection that has something to receive, or a line of chat, never stands behind a window full of blocks.
/// </summary>
internal static class BlockWork
{
    private static readonly TaskFactory Factory = new(
        CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskContinuationOptions.None,
        new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount, maxItemsPerTask: 1).ConcurrentScheduler);

    /// <summary>Does it when its turn comes.</summary>
    public static Task Run(Action work) => Factory.StartNew(work);
}
