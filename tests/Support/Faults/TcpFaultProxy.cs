using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LanCollab.Tests.Support.Faults;

/// <summary>Forwards TCP connections, slowly if asked to, and breaks them in the ways networks do.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private const int ChunkSize = 16 * 1024;

    private readonly IPEndPoint _server;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly ConcurrentDictionary<Direction, TaskCompletionSource> _stalled = new();
    private readonly Task _accepting;
    private int _accepted;

    /// <param name="listen">Where clients connect to.</param>
    /// <param name="server">Where it goes.</param>
    /// <param name="options">Both directions; loss, duplication and reordering do not exist on a stream.</param>
    public TcpFaultProxy(IPEndPoint listen, IPEndPoint server, FaultOptions? options = null)
    {
        _server = server;
        Options = options ?? new FaultOptions();
        _listener = new TcpListener(listen);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Holds from now on, for open connections too.</summary>
    public FaultOptions Options { get; set; }

    /// <summary>False: new connections are reset at once.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Nothing passes in this direction until <see cref="Flow"/>, and nobody is told: a black hole.</summary>
    public void Stall(Direction direction) => _stalled.TryAdd(direction, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Lets traffic pass again; what waited comes.</summary>
    public void Flow(Direction direction)
    {
        if (_stalled.TryRemove(direction, out TaskCompletionSource? stalled)) stalled.SetResult();
    }

    /// <summary>Resets all connections at both ends.</summary>
    public void Reset()
    {
        foreach (Link link in _links.Keys) link.Reset();
    }

    /// <summary>Closes towards the server but leaves clients in the belief that all is well: what they send vanishes.</summary>
    public void HalfOpen()
    {
        foreach (Link link in _links.Keys) link.HalfOpen();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (Direction direction in Enum.GetValues<Direction>()) Flow(direction);
        Task[] running = [_accepting, .. _links.Keys.Select(l => l.Running)];
        Reset();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _accepted);
            var link = new Link(client, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            client.NoDelay = true;
            if (!Accepts) link.Reset();
            else
            {
                _links[link] = true;
                link.Running = Task.Run(() => RunAsync(link));
            }
        }
    }

    private sealed class Link(Socket client, Socket server)
    {
        private volatile bool _halfOpen;

        public Socket Client { get; } = client;
        public Socket Server { get; } = server;
        public Task Running { get; set; } = Task.CompletedTask;
        public bool IsHalfOpen => _halfOpen;

        public void Reset()
        {
            foreach (Socket socket in (Socket[])[Client, Server]) Abort(socket);
        }

        public void HalfOpen()
        {
            _halfOpen = true;
            Abort(Server);
        }

        // Closing with linger time 0 sends RST instead of FIN.
        private static void Abort(Socket socket) => socket.Close(0);
    }

    private async Task RunAsync(Link link)
    {
        try
        {
            await ConnectAsync(link);
            await Task.WhenAll(
                PumpAsync(link, link.Client, link.Server, Direction.ToServer),
                PumpAsync(link, link.Server, link.Client, Direction.ToClient));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken, by a fault or by its ends.
        }
        finally
        {
            _links.TryRemove(link, out _);
            link.Reset();
        }
    }

    private async Task ConnectAsync(Link link)
    {
        try
        {
            await link.Server.ConnectAsync(_server, _stop.Token);
        }
        catch (Exception e) when (link.IsHalfOpen && e is (SocketException or ObjectDisposedException))
        {
            // Half-opened while connecting: the client must not notice that either.
        }
    }

    private async Task PumpAsync(Link link, Socket from, Socket to, Direction direction)
    {
        byte[] buffer = new byte[ChunkSize];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, SocketFlags.None, _stop.Token)) > 0)
            {
                if (link.IsHalfOpen) continue;
                await DelayAsync(direction, read);
                await to.SendAsync(buffer.AsMemory(0, read), SocketFlags.None, _stop.Token);
            }
            if (!link.IsHalfOpen) to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (link.IsHalfOpen && e is (SocketException or ObjectDisposedException))
        {
            // The server's side has gone; the client goes on talking into the void.
            if (direction == Direction.ToServer) await DrainAsync(from, buffer);
        }
        catch
        {
            link.Reset();
            throw;
        }
    }

    private async Task DrainAsync(Socket from, byte[] buffer)
    {
        while (await from.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) > 0) { }
    }

    private async Task DelayAsync(Direction direction, int bytes)
    {
        FaultOptions options = Options;
        TimeSpan wait = options.Latency + (options.BytesPerSecond > 0 ? TimeSpan.FromSeconds((double)bytes / options.BytesPerSecond) : TimeSpan.Zero);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _stop.Token);
        if (_stalled.TryGetValue(direction, out TaskCompletionSource? stalled)) await stalled.Task.WaitAsync(_stop.Token);
    }
}
