using System.Collections.Concurrent;
using System.Net;

namespace LanCollab.Tests.Support;

/// <summary>What a daemon lends to a client half, without a network and without a page.</summary>
public sealed class TestClientContext : TestContextBase, IClientContext
{
    private readonly List<StandingStream> _streams = [];
    private readonly ConcurrentDictionary<InMemoryChannel, bool> _extra = new();
    // Real sockets on this machine: only the hub's channels are without a network.
    private readonly LanCollab.Host.Net.DirectLinks _direct;
    private TestBridge? _bridge;
    private volatile Joining? _joining;
    private volatile bool _offline;

    internal TestClientContext(InMemoryHub hub, string name, IReadOnlyDictionary<string, string?>? settings) : base(hub, name, settings)
    {
        _direct = new LanCollab.Host.Net.DirectLinks(LanCollab.Host.Net.Tls.TlsLibraries.Default, TimeProvider.System, hub.Log);
        Link = new TestServerLink(this);
    }

    /// <summary>The address the hub sees; give clients different ones to test limits per address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>For a plugin that joins rooms.</summary>
    public TestServerLink Link { get; }

    /// <summary>The page's side of the bridge; there after the plugin has asked for it.</summary>
    public TestBridge Page => _bridge ?? throw new InvalidOperationException("The plugin has not asked for a bridge.");

    /// <summary>The hub's seat of this client; null in no room.</summary>
    public Peer? Seat => _joining?.Seat;

    /// <summary>The client's ends of its standing channels that are up.</summary>
    public IReadOnlyList<InMemoryChannel> Channels => [.. _streams.Select(s => s.Current).OfType<InMemoryChannel>(), .. _extra.Keys];

    /// <summary>Starts a client half and connects a page.</summary>
    public async Task StartAsync(IClientPlugin plugin)
    {
        await plugin.StartAsync(this, CancellationToken.None);
        _bridge?.Connect();
    }

    /// <summary>Takes a seat (raises <see cref="TestSessions.Joined"/>), opens all streams and waits until each has been handed to the plugin.</summary>
    public async Task JoinAs(Peer seat)
    {
        Hub.Sessions.Add(seat);
        await OpenAsync(seat, new Peer(seat.Id, seat.Name, seat.Room));
    }

    /// <summary>As <see cref="JoinAs(Peer)"/>, with a new seat.</summary>
    public async Task<Peer> JoinAs(string name, string room = "room")
    {
        Peer seat = Hub.NewPeer(name, room);
        await JoinAs(seat);
        return seat;
    }

    /// <summary>Closes all channels, then gives up the seat (raises <see cref="TestSessions.Left"/>).</summary>
    public async Task LeaveAsync()
    {
        Peer? seat = Seat;
        await CloseAsync("left");
        if (seat is not null) Hub.Sessions.Remove(seat);
    }

    /// <summary>Cuts every channel of this client; streams come back at once unless it is offline.</summary>
    public void Cut()
    {
        foreach (InMemoryChannel channel in Channels) channel.Cut();
    }

    /// <summary>Pulls the cable: cuts every channel, loses every datagram, and lets nothing new through until <see cref="GoOnline"/>.</summary>
    public void GoOffline()
    {
        _offline = true;
        Cut();
    }

    /// <summary>Puts the cable back.</summary>
    public void GoOnline()
    {
        _offline = false;
        _joining?.Changed();
    }

    /// <summary>True while the cable is pulled.</summary>
    public bool IsOffline => _offline;

    /// <inheritdoc />
    public void OpenStream(string service, Func<IChannel, CancellationToken, Task> run, int maxFrame = FrameLimits.Control)
    {
        var stream = new StandingStream(service, run, maxFrame);
        _streams.Add(stream);
        if (_joining is { } joining) Track(service, () => KeepOpenAsync(stream, joining));
    }

    /// <inheritdoc />
    public async Task<IChannel> ConnectAsync(string service, int maxFrame, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Joining joining = _joining ?? throw new UserErrorException("not-joined", "Join a room first.");
        InMemoryChannel channel = Dial(service, joining.Seat, joining.Self, maxFrame);
        _extra[channel] = true;
        channel.Closed.Register(() => _extra.TryRemove(channel, out _));
        return channel;
    }

    /// <inheritdoc />
    public IDirectLinks Direct => _direct;

    /// <inheritdoc />
    public IClientDatagrams OpenDatagrams(string service, ClientDatagramHandler handler) => Hub.Datagrams.Open(this, service, handler);

    /// <inheritdoc />
    public IBridge Bridge(MessageSet messages) => _bridge ??= new TestBridge(messages);

    internal InMemoryChannel Dial(string service, Peer? seat, Peer? self, int maxFrame) => _offline
        ? throw new UserErrorException("unreachable", "The hub does not answer.")
        : Hub.Server.Accept(service, seat, self, maxFrame, Address);

    internal async Task OpenAsync(Peer seat, Peer self)
    {
        await CloseAsync("replaced");
        var joining = new Joining(seat, self, Stopping);
        _joining = joining;
        foreach (StandingStream stream in _streams) Track(stream.Service, () => KeepOpenAsync(stream, joining));
        if (!_offline) await ReadyAsync();
    }

    internal Task ReadyAsync() => Task.WhenAll(_streams.Select(s => s.Opened.Task)).WaitAsync(Recorded<Task>.Patience);

    internal async Task CloseAsync(string reason)
    {
        if (Interlocked.Exchange(ref _joining, null) is { } joining) await joining.Ended.CancelAsync();
        foreach (InMemoryChannel channel in Channels) channel.Close(reason);
        await Task.WhenAll(_streams.Select(s => s.Idle.Task)).WaitAsync(Recorded<Task>.Patience);
        foreach (StandingStream stream in _streams) stream.Opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task KeepOpenAsync(StandingStream stream, Joining joining)
    {
        stream.Idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            while (!joining.Ended.IsCancellationRequested)
            {
                Task changed = joining.Change;
                if (!await TryRunAsync(stream, joining)) await changed.WaitAsync(joining.Ended.Token);
            }
        }
        finally
        {
            stream.Idle.TrySetResult();
        }
    }

    /// <summary>False when the hub cannot be reached or refuses this seat.</summary>
    private async Task<bool> TryRunAsync(StandingStream stream, Joining joining)
    {
        if (_offline || !Hub.Admissions.IsSeated(joining.Seat)) return false;
        await using InMemoryChannel channel = Dial(stream.Service, joining.Seat, joining.Self, stream.MaxFrame);
        stream.Current = channel;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(channel.Closed, joining.Ended.Token);
        try
        {
            Task running = stream.Run(channel, ends.Token);
            stream.Opened.TrySetResult();
            await running;
        }
        catch (OperationCanceledException) { }
        catch (IOException) { }
        catch (Exception e) when (e is ProtocolErrorException or UserErrorException)
        {
            Hub.ProtocolErrors.Add(e.Message);
        }
        finally
        {
            stream.Current = null;
        }
        return true;
    }

    private protected override async Task StopAsync()
    {
        await CloseAsync("The client stops.");
        await _direct.DisposeAsync();
    }

    private sealed class StandingStream(string service, Func<IChannel, CancellationToken, Task> run, int maxFrame)
    {
        public string Service => service;
        public int MaxFrame => maxFrame;
        public Func<IChannel, CancellationToken, Task> Run => run;
        public volatile InMemoryChannel? Current;
        public TaskCompletionSource Opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Idle = Done();

        private static TaskCompletionSource Done()
        {
            var done = new TaskCompletionSource();
            done.SetResult();
            return done;
        }
    }

    private sealed class Joining(Peer seat, Peer self, CancellationToken stopping)
    {
        private volatile TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Peer Seat => seat;
        public Peer Self => self;
        public CancellationTokenSource Ended { get; } = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        public Task Change => _change.Task;

        public void Changed() => Interlocked.Exchange(ref _change, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
