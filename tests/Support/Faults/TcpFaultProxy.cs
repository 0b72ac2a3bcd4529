using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LanCollab.Tests.Support.Faults;

/// <summary>Forwards TCP connections, slowly if asked to, and breaks them in the ways networks do, when told to or by the seed.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly IPEndPoint _server;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<FaultyLink, bool> _links = new();
    private readonly ConcurrentDictionary<Direction, TaskCompletionSource> _stalled = new();
    private readonly ConcurrentQueue<StreamFate> _struck = new();
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
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Latency and bandwidth hold from now on, for open connections too; the rest for new ones.</summary>
    public FaultOptions Options { get; set; }

    /// <summary>False: new connections are reset at once.</summary>
    public bool Accepts { get; set; } = true;

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What happened by the seed so far.</summary>
    public IReadOnlyCollection<StreamFate> Strikes => _struck;

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
        foreach (FaultyLink link in _links.Keys) link.Reset();
    }

    /// <summary>Closes all connections at the end that <paramref name="toward"/> leads to and leaves the other in the belief that all is well: what it sends vanishes.</summary>
    public void HalfOpen(Direction toward = Direction.ToServer)
    {
        foreach (FaultyLink link in _links.Keys) link.HalfOpen(toward);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (Direction direction in Enum.GetValues<Direction>()) Flow(direction);
        Task[] running = [_accepting, .. _links.Keys.Select(l => l.Running)];
        Reset();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    internal Task PassAsync(Direction direction, CancellationToken stop) =>
        _stalled.TryGetValue(direction, out TaskCompletionSource? stalled) ? stalled.Task.WaitAsync(stop) : Task.CompletedTask;

    internal void Struck(StreamFate fate) => _struck.Enqueue(fate);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptSocketAsync(_stop.Token);
            var link = new FaultyLink(client, this, Interlocked.Increment(ref _accepted) - 1);
            if (!Accepts) link.Reset();
            else
            {
                _links[link] = true;
                link.Running = Task.Run(() => RunAsync(link));
            }
        }
    }

    private async Task RunAsync(FaultyLink link)
    {
        await link.RunAsync(_server, _stop.Token);
        _links.TryRemove(link, out _);
    }
}
