namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// Spreads one beat's work over the cores: every item is done once, by whoever is free, and <see cref="Run"/> returns when all are done. Allocates
/// nothing. <see cref="Run"/> is for one thread; what an item throws it throws after the others are done.
/// </summary>
internal sealed class Crew : IDisposable
{
    private const int GenerationAt = 32;

    // Neither of the two spins: in a beat of 20 ms there is seldom anything to do within the next microseconds.
    private readonly Bell _work = new();
    private readonly ManualResetEventSlim _finished = new(false, spinCount: 0);
    private readonly Thread[] _helpers;
    private volatile bool _closed;
    private Action<int> _job = _ => { };
    private int _count;
    private int _done;
    private volatile Exception? _fault;
    private long _ticket; // generation | next item: both change in one step, so that a late helper never takes an item of another run

    /// <param name="helpers">Threads besides the caller's.</param>
    public Crew(int helpers)
    {
        _helpers = [.. Enumerable.Range(0, helpers).Select(_ => new Thread(Help) { IsBackground = true, Name = "mixer" })];
        foreach (Thread helper in _helpers) helper.Start();
    }

    /// <summary>Does <paramref name="job"/> for 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">Items.</param>
    /// <param name="job">Is given the item's number.</param>
    /// <param name="worth">So many items are worth waking somebody up; fewer are done by the caller alone.</param>
    public void Run(int count, Action<int> job, int worth)
    {
        if (_helpers.Length == 0 || count < worth)
        {
            for (int i = 0; i < count; i++) job(i);
            return;
        }
        (_job, _count, _done) = (job, count, 0);
        _fault = null;
        _finished.Reset();
        Volatile.Write(ref _ticket, ((_ticket >> GenerationAt) + 1) << GenerationAt);
        _work.Ring(Math.Min(_helpers.Length, count - 1));
        Work();
        // Nothing is left to take; what a helper has in hand is one item. Whoever does the last one says so, once in a run.
        _finished.Wait();
        if (_fault is { } fault) throw new InvalidOperationException("A part of the work failed.", fault);
    }

    private void Help()
    {
        Urgency.Raise();
        while (true)
        {
            _work.Wait();
            if (_closed) return;
            Work();
        }
    }

    private void Work()
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            // Of this generation for as long as the exchange below succeeds.
            (Action<int> job, int count, int item) = (_job, _count, (int)ticket);
            if (item >= count) return;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket) continue;
            Do(job, item);
            if (Interlocked.Increment(ref _done) == count) _finished.Set();
        }
    }

    // On a thread of ours an exception would end the process.
    private void Do(Action<int> job, int item)
    {
        try
        {
            job(item);
        }
        catch (Exception e)
        {
            _fault = e;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _closed = true;
        _work.Ring(_helpers.Length);
        foreach (Thread helper in _helpers) helper.Join();
        _finished.Dispose();
    }

    /// <summary>A semaphore that sleeps at once: <see cref="SemaphoreSlim"/> yields its time slice over and over before it does.</summary>
    private sealed class Bell
    {
        private int _rings;

        public void Ring(int times)
        {
            lock (this)
            {
                _rings += times;
                Monitor.PulseAll(this);
            }
        }

        public void Wait()
        {
            lock (this)
            {
                while (_rings == 0) Monitor.Wait(this);
                _rings--;
            }
        }
    }
}
