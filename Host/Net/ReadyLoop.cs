using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Host.Net;

/// <summary>
/// Waits until something has come for some of very many sockets, with an epoll of its own, and goes on with the reader at once: on the thread that has waited, without the hand-over to one of the
/// pool, which takes as long as all that a short message needs before it is passed on (docs/decisions/011). Linux on x64.
/// </summary>
/// <remarks>
/// Some threads wait together. Who is woken goes on with the reader itself if another one is waiting meanwhile; the last one that waits hands everything to the pool and waits again. So readers
/// may take their time, and may wait for a disk: nobody else waits for them. Several that one thread is woken for go to the pool, too. How many threads, and what else, is a matter of <see cref="ReadyKind"/>.
/// </remarks>
internal sealed unsafe partial class ReadyLoop : IDisposable
{
    private const uint In = 1, OneShot = 1u << 30; // EPOLLIN, EPOLLONESHOT
    private const int Add = 1, Modify = 3, CloseOnExec = 0x80000, Interrupted = 4; // EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CLOEXEC, EINTR

    private static readonly Lazy<ReadyLoop> Prompt = new(() => new ReadyLoop(TimeProvider.System, ReadyKind.Prompt)), Bulk = new(() => new ReadyLoop(TimeProvider.System, ReadyKind.Bulk));

    [SuppressMessage("Usage", "CA2213", Justification = "The last of the threads disposes of them.")]
    private readonly SafeFileHandle _epoll = Opened(Create(CloseOnExec)), _end = Opened(NewEvent(1, CloseOnExec));
    private readonly ConcurrentDictionary<long, ReadyWait> _waits = new();
    private long _lastId;
    private int _waiting, _running;
    private volatile bool _stopped;

    /// <summary>As the kernel has it on x64.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Event
    {
        public uint Events;
        public long Id;
    }

    /// <param name="time">The clock.</param>
    /// <param name="kind">Whom it is for.</param>
    public ReadyLoop(TimeProvider time, ReadyKind kind)
    {
        (Time, Kind, _running) = (time, kind, kind.Threads);
        for (int i = 0; i < kind.Threads; i++) new Thread(Run) { IsBackground = true, Name = kind.ThreadName }.Start();
    }

    /// <summary>Whether the system has what is needed.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>One for all services that ask for the same, made when it is asked for; null: the runtime waits.</summary>
    public static ReadyLoop? For(StreamReading reading) => reading switch
    {
        _ when !IsSupported => null,
        StreamReading.Prompt => Prompt.Value,
        StreamReading.Bulk => Bulk.Value,
        _ => null,
    };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Whom it is for.</summary>
    public ReadyKind Kind { get; }

    /// <summary>How many sockets it knows.</summary>
    public int Count => _waits.Count;

    /// <summary>How many of its threads wait at this moment.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>A number that is nobody else's, ever: an event that was under way when a socket closed finds nobody.</summary>
    public long Join(ReadyWait wait)
    {
        long id = Interlocked.Increment(ref _lastId);
        _waits[id] = wait;
        return id;
    }

    public void Leave(long id) => _waits.TryRemove(id, out _);

    /// <summary>The next time that something can be read of it, or now, its <see cref="ReadyWait.Ready"/> is called once. The kernel forgets a socket when it is closed.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed, or the loop has ended.</exception>
    /// <exception cref="IOException">The kernel has no memory for it.</exception>
    public void Arm(SafeHandle socket, long id, bool first)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        var what = new Event { Events = In | OneShot, Id = id };
        if (Control(_epoll, first ? Add : Modify, socket, &what) != 0) throw new IOException($"epoll: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Whoever waits finds it disposed of; its threads end when their readers let them. For tests: the shared ones live as long as the process.</summary>
    public void Dispose()
    {
        if (_stopped) return;
        _stopped = true;
        // Nobody takes this event away: all threads see it.
        var what = new Event { Events = In, Id = 0 };
        _ = Control(_epoll, Add, _end, &what);
        foreach (ReadyWait wait in _waits.Values) wait.Dispose();
    }

    private void Run()
    {
        if (Kind.Hurries) TimeSlice.AskForShort();
        Event* events = stackalloc Event[Kind.AtOnce];
        while (!_stopped)
        {
            Interlocked.Increment(ref _waiting);
            int count = Wait(_epoll, events, Kind.AtOnce, -1);
            bool here = Interlocked.Decrement(ref _waiting) > 0 && count == 1;
            if (count < 0 && Marshal.GetLastPInvokeError() is not Interrupted and var error) throw new IOException($"epoll: {Marshal.GetPInvokeErrorMessage(error)}");
            for (int i = 0; i < count; i++)
                if (_waits.TryGetValue(events[i].Id, out ReadyWait? wait)) wait.Ready(here);
        }
        if (Interlocked.Decrement(ref _running) > 0) return;
        _epoll.Dispose();
        _end.Dispose();
    }

    private static SafeFileHandle Opened(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException($"epoll: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int NewEvent(uint count, int flags);

    // The handles are held during the calls: a number that another thread closes meanwhile may be somebody else's.
    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(SafeHandle epoll, int operation, SafeHandle what, Event* e);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(SafeHandle epoll, Event* events, int most, int milliseconds);
}
