namespace LanCollab.Plugins.Files;

/// <summary>
/// Where blocks are read, hashed and written: on threads of their own, one block at a time each. The thread pool, which has as many threads as there
/// are cores, is left to connections: what there is to receive, or a line of chat, never stands behind a millisecond of hashing.
/// </summary>
internal static class BlockWork
{
    private static readonly Queue<Task> First = new(), Rest = new();

    // Waited on as a monitor, which sleeps at once: a semaphore spins first, on a core that has better things to do.
    private static readonly object Waiting = new();
    private static readonly Lazy<Thread[]> Threads = new(Start);

    /// <summary>Does it when its turn comes.</summary>
    public static Task Run(Action work) => Queue(Rest, new Task(work));

    /// <summary>Does it before all that waits: for what goes on one after the other, while other blocks may overtake each other.</summary>
    public static Task RunFirst(Action work) => Queue(First, new Task(work));

    /// <inheritdoc cref="RunFirst(Action)"/>
    public static Task<T> RunFirst<T>(Func<T> work)
    {
        var task = new Task<T>(work);
        Queue(First, task);
        return task;
    }

    private static Task Queue(Queue<Task> queue, Task task)
    {
        _ = Threads.Value;
        lock (Waiting)
        {
            queue.Enqueue(task);
            Monitor.Pulse(Waiting);
        }
        return task;
    }

    /// <summary>One more than there are cores: one of them waits for the disk now and then.</summary>
    private static Thread[] Start()
    {
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount + 1).Select(number => new Thread(Work) { IsBackground = true, Name = $"blocks {number}" })];
        foreach (Thread thread in threads) thread.Start();
        return threads;
    }

    private static void Work()
    {
        // A failure is kept in the task, for whoever waits for that.
        while (true) Next().RunSynchronously(TaskScheduler.Default);
    }

    private static Task Next()
    {
        lock (Waiting)
        {
            Task? task;
            while (!First.TryDequeue(out task) && !Rest.TryDequeue(out task)) Monitor.Wait(Waiting);
            return task;
        }
    }
}
