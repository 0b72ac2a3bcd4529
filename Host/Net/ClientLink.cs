using System.Net;
using LanCollab.Contracts;
using LanCollab.Host.Configuration;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Discovery;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>
/// A client's way to a hub: dials, keeps the admission, and (re)opens the channels and datagram ports of all plugins for as long as it is
/// valid.
/// </summary>
internal sealed class ClientLink(ClientOptions options, ServerChoice choice, KnownServers known, Dialer dialer, TimeProvider time, ILogger log) : IServerLink
{
    private static readonly TimeSpan ReadyTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SilenceWatch _silence = new(asks: true, time);
    private readonly List<StandingStream> _streams = [];
    private readonly List<DatagramClient> _datagrams = [];
    private readonly Dictionary<IChannel, Dialled> _dialled = new(ReferenceEqualityComparer.Instance);
    private volatile Admitted? _admitted;
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _datagramChange = Task.CompletedTask;

    /// <summary>The admission of this moment.</summary>
    internal sealed record Admitted(ServerAddress Server, IPAddress Resolved, string Fingerprint, Peer Self, Admission Admission, CancellationTokenSource Ended);

    /// <summary>A hub that answered.</summary>
    private sealed record Dialled(JoinLink Hub, bool Auto);

    public IReadOnlyList<KnownServer> KnownServers => known.All;

    public IServerFinder Finder => choice.Finder;

    public string DefaultServer => choice.Default;

    public Invitation? Invitation => _admitted is { } admitted ? Inviting.To(admitted.Server, admitted.Resolved, admitted.Fingerprint, choice.Finder) : null;

    /// <summary>Ends with the first admission; fails with a <see cref="UserErrorException"/> when joining has been given up.</summary>
    public Task Joined => _joined.Task;

    public void GiveUp(string reason) => _joined.TrySetException(new UserErrorException("not-joined", reason));

    public (string? Room, string? Name, string? Password) AutoJoin => (options.Room, options.Name, options.Password);

    public async Task<IChannel> DialAsync(string address, StreamService service, CancellationToken cancellationToken)
    {
        JoinLink hub = await choice.ResolveAsync(address, service.DefaultPort, cancellationToken).ConfigureAwait(false);
        ServerAddress server = hub.Address;
        string? pinned = known.FingerprintOf(server.ToString());
        if (pinned is not null && hub.Fingerprint is { } wanted && wanted != pinned) throw Inviting.Contradiction(server);
        (FrameChannel channel, string fingerprint) = await DialAsync(
            hub, pinned, new Hello(Hello.CurrentVersion, service.Name, null), service.MaxFrame, cancellationToken).ConfigureAwait(false);
        if (options.Tls) Pin(server, pinned, fingerprint);
        lock (_lock) _dialled[channel] = new Dialled(new JoinLink(server, fingerprint), ServerChoice.IsAuto(address));
        channel.Closed.Register(() => { lock (_lock) _dialled.Remove(channel); });
        return channel;
    }

    /// <summary>A pin decides, else the fingerprint of a link; without both any certificate will do, and is pinned.</summary>
    private async Task<(FrameChannel Channel, string Fingerprint)> DialAsync(JoinLink hub, string? pinned, Hello hello, int maxFrame, CancellationToken cancellationToken)
    {
        try
        {
            return await dialer.DialAsync(hub.Address, pinned ?? hub.Fingerprint, hello, maxFrame, cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e) when (e.Code == "server-changed" && pinned is null)
        {
            throw Inviting.WrongServer(hub.Address);
        }
    }

    private void Pin(ServerAddress server, string? pinned, string fingerprint)
    {
        if (pinned is null) HostLog.ServerPinned(log, server.ToString(), fingerprint);
        known.Use(server.ToString(), fingerprint);
    }

    public void Establish(IChannel dialled, Peer self, Admission admission)
    {
        Dialled server = HubOf(dialled);
        Drop("joining anew");
        if (server.Auto) choice.Stay(server.Hub);
        if (dialled is FrameChannel channel) channel.Peer = self;
        var admitted = new Admitted(server.Hub.Address, dialled.Remote.Address, server.Hub.Fingerprint!, self, admission, new CancellationTokenSource());
        lock (_lock)
        {
            _admitted = admitted;
            foreach (StandingStream stream in _streams) stream.Begin(admitted);
            DatagramClient[] clients = [.. _datagrams];
            ChangeDatagrams(() => OpenDatagrams(clients, admitted));
            _joined.TrySetResult();
        }
    }

    public string FingerprintOf(IChannel dialled) => HubOf(dialled).Hub.Fingerprint ?? "";

    private Dialled HubOf(IChannel dialled)
    {
        lock (_lock)
            return _dialled.GetValueOrDefault(dialled) ?? throw new UserErrorException("connection-lost", "The connection to the server was lost; try again.");
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        Task[] opened;
        lock (_lock) opened = [.. _streams.Select(s => s.Opened)];
        try
        {
            await Task.WhenAll(opened).WaitAsync(ReadyTime, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A service that hangs is that plugin's trouble; the room is joined all the same.
        }
    }

    public void Drop(string reason)
    {
        lock (_lock)
        {
            if (_admitted is not { } admitted) return;
            _admitted = null;
            foreach (StandingStream stream in _streams) stream.End(reason);
            DatagramClient[] clients = [.. _datagrams];
            ChangeDatagrams(async () => { foreach (DatagramClient client in clients) await client.CloseAsync().ConfigureAwait(false); });
            admitted.Ended.Cancel();
        }
    }

    /// <summary>Registers a standing stream of a plugin.</summary>
    public StandingStream AddStream(string service, int maxFrame, Func<IChannel, CancellationToken, Task> run, Action<Exception> fault)
    {
        var stream = new StandingStream(service, maxFrame, run, fault, this, time, log);
        lock (_lock)
        {
            _streams.Add(stream);
            if (_admitted is { } admitted) stream.Begin(admitted);
        }
        return stream;
    }

    /// <summary>Takes a stream away again: it is closed and not opened at the next join.</summary>
    public void Remove(StandingStream stream)
    {
        lock (_lock) _streams.Remove(stream);
        stream.End("The plugin has failed.");
    }

    /// <summary>As <see cref="Remove(StandingStream)"/>, for datagrams.</summary>
    public void Remove(DatagramClient client)
    {
        lock (_lock)
        {
            _datagrams.Remove(client);
            ChangeDatagrams(client.CloseAsync);
        }
    }

    /// <summary>Registers a datagram port of a plugin.</summary>
    public DatagramClient AddDatagrams(string service, ClientDatagramHandler handler)
    {
        var client = new DatagramClient(service, handler, time, log);
        lock (_lock)
        {
            _datagrams.Add(client);
            if (_admitted is { } admitted) ChangeDatagrams(() => { Open(client, admitted); return Task.CompletedTask; });
        }
        return client;
    }

    /// <exception cref="UserErrorException"><c>not-joined</c>, <c>no-service</c>, <c>unreachable</c>, <c>bad-token</c>.</exception>
    public Task<FrameChannel> ConnectAsync(string service, int maxFrame, CancellationToken cancellationToken) =>
        ConnectAsync(_admitted ?? throw new UserErrorException("not-joined", "This client is in no room; join one first."), service, maxFrame, cancellationToken);

    public async Task<FrameChannel> ConnectAsync(Admitted admitted, string service, int maxFrame, CancellationToken cancellationToken)
    {
        int port = Port(admitted, service, "tcp") ?? throw new UserErrorException("no-service", $"The server has no {service} service.");
        var hello = new Hello(Hello.CurrentVersion, service, admitted.Admission.Token);
        // To the address that answered the join: a name may stand for several, and only one of them is this hub.
        (FrameChannel channel, _) = await dialer.DialAsync(
            new ServerAddress(admitted.Resolved.ToString(), port), admitted.Fingerprint, hello, maxFrame, cancellationToken).ConfigureAwait(false);
        channel.Peer = admitted.Self;
        if (!channel.AnswersPings) return channel;
        _silence.Add(channel);
        channel.Closed.Register(() => _silence.Remove(channel));
        return channel;
    }

    /// <summary>Looks after open channels until the token ends: one whose other end has gone without a word is closed.</summary>
    public Task WatchAsync(CancellationToken cancellationToken) => _silence.RunAsync(cancellationToken);

    /// <summary>Ends everything; for the shutdown.</summary>
    public async Task StopAsync(string reason)
    {
        Drop(reason);
        StandingStream[] streams;
        Task datagrams;
        lock (_lock) (streams, datagrams) = ([.. _streams], _datagramChange);
        await Task.WhenAll([datagrams, .. streams.Select(s => s.Completion)]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal static int? Port(Admitted admitted, string service, string transport) =>
        admitted.Admission.Services.FirstOrDefault(s => s.Name == service && s.Transport == transport)?.Port;

    private static Task OpenDatagrams(DatagramClient[] clients, Admitted admitted)
    {
        foreach (DatagramClient client in clients) Open(client, admitted);
        return Task.CompletedTask;
    }

    private static void Open(DatagramClient client, Admitted admitted)
    {
        if (admitted.Ended.IsCancellationRequested || Port(admitted, client.Service, "udp") is not { } port) return;
        client.Open(new IPEndPoint(admitted.Resolved, port), admitted.Admission.Session, Convert.FromBase64String(admitted.Admission.Secret));
    }

    /// <summary>Opening and closing follow each other in order, outside the lock.</summary>
    private void ChangeDatagrams(Func<Task> change) =>
        _datagramChange = _datagramChange.ContinueWith(_ => change(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
}
