using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Benchmarks.Chat;

/// <summary>
/// Reads any number of plain sockets on one thread with epoll, as a C program would, and sends signs of life in between: what receivers cost must not decide between the servers that are measured.
/// </summary>
internal sealed unsafe partial class EpollReceivers : IDisposable
{
    private const int BufferSize = 256 * 1024, Events = 256, In = 1, Add = 1, Again = 11, DoNotWait = 0x40;

    private readonly int _epoll = epoll_create1(0);
    private readonly Flow _flow;
    private readonly Beats _beats;
    private readonly Thread _thread;
    private volatile (Socket Socket, int Fd, LineCounter Counter)[] _all = [];
    private volatile bool _stop;

    /// <summary>As the kernel has it on x64.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Event
    {
        public uint Events;
        public long Data;
    }

    public EpollReceivers(Flow flow, Beats beats)
    {
        (_flow, _beats) = (flow, beats);
        _thread = new Thread(Run) { IsBackground = true, Name = "receivers" };
        _thread.Start();
    }

    /// <summary>For one thread at a time.</summary>
    public void AddSocket(Socket socket, LineCounter counter)
    {
        _all = [.. _all, (socket, (int)socket.Handle, counter)];
        var e = new Event { Events = In, Data = _all.Length - 1 };
        if (epoll_ctl(_epoll, Add, (int)socket.Handle, &e) != 0) throw new IOException($"epoll_ctl: {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Receivers whose connection the server has closed.</summary>
    public int Closed { get; private set; }

    private void Run()
    {
        byte[] buffer = new byte[BufferSize];
        Span<Event> ready = stackalloc Event[Events];
        while (!_stop)
        {
            int count;
            int wait = _beats.Send();
            fixed (Event* events = ready) count = epoll_wait(_epoll, events, Events, wait);
            for (int i = 0; i < count; i++) _flow.Add(Read(_all[(int)ready[i].Data], buffer));
        }
    }

    private int Read((Socket Socket, int Fd, LineCounter Counter) one, byte[] buffer)
    {
        int carried = one.Counter.Restore(buffer);
        nint read;
        fixed (byte* at = buffer) read = recv(one.Fd, at + carried, (nuint)(buffer.Length - carried), DoNotWait);
        if (read > 0) return one.Counter.Feed(buffer.AsSpan(0, carried + (int)read));
        if (read < 0 && Marshal.GetLastPInvokeError() == Again) return 0;
        Closed++;
        epoll_ctl(_epoll, 2, one.Fd, null);
        return 0;
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        foreach (var one in _all) one.Socket.Dispose();
        close(_epoll);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int fd, Event* e);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, Event* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
