namespace LanCollab.Plugins.Screen;

/// <summary>
/// Waits for a display on a thread of its own: a thread of the pool that sleeps in <c>poll</c> would be missing where the pool has two. What
/// awaits it goes on on this thread, so that between two pictures no other one has to be woken.
/// </summary>
internal sealed class XWatch : IDisposable
{
    private const short PollIn = 1;
    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;

    private readonly int _descriptor;
    private readonly int _bell = XExtensions.EventDescriptor(0, CloseOnExec | NonBlocking);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private Wait? _waiting;
    private bool _disposed, _closed;

    /// <summary>Starts the thread.</summary>
    /// <param name="descriptor">Of the display's connection.</param>
    public XWatch(int descriptor)
    {
        if (_bell < 0) throw new IOException("No event descriptor can be had: too many open files.");
        _descriptor = descriptor;
        _thread = new Thread(Run) { IsBackground = true, Name = "display" };
        _thread.Start();
    }

    /// <summary>Waits until the display has something to say or a while is over; now and then for less. One wait at a time.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var wait = new Wait(longest);
        using CancellationTokenRegistration ends = cancellationToken.UnsafeRegister(static watch => ((XWatch)watch!).Ring(), this);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting = wait;
        }
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId) Ring();
        // The bell may have been rung before there was anything to end.
        if (!cancellationToken.IsCancellationRequested) await wait.Over.Task.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }
        Ring();
        // Whoever awaited it may dispose of it on this very thread.
        if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId) _thread.Join();
    }

    private void Ring()
    {
        ulong one = 1;
        lock (_gate)
            if (!_closed) _ = XExtensions.Write(_bell, in one, sizeof(ulong));
    }

    private void Run()
    {
        while (Next(out Wait? wait))
        {
            Poll(wait);
            if (wait is null || Interlocked.CompareExchange(ref _waiting, null, wait) != wait) continue;
            wait.Over.SetResult();
        }
        lock (_gate)
        {
            _closed = true;
            _ = XExtensions.Close(_bell);
        }
    }

    private bool Next(out Wait? wait)
    {
        lock (_gate)
        {
            wait = _waiting;
            return !_disposed;
        }
    }

    private void Poll(Wait? wait)
    {
        Span<XExtensions.PollEntry> entries =
        [
            new XExtensions.PollEntry { Descriptor = _bell, Wanted = PollIn }, new XExtensions.PollEntry { Descriptor = _descriptor, Wanted = PollIn },
        ];
        var limit = XExtensions.TimeLimit.Of(wait?.Longest ?? TimeSpan.MaxValue);
        _ = XExtensions.Poll(ref entries[0], wait is null ? 1u : 2u, in limit, 0);
        if (entries[0].Happened != 0) _ = XExtensions.Read(_bell, out _, sizeof(ulong));
    }

    private sealed record Wait(TimeSpan Longest)
    {
        public TaskCompletionSource Over { get; } = new();
    }
}
