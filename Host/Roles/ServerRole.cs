using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using LanCollab.Contracts;
using LanCollab.Host.Admin;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Discovery;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>The hub: starts the plugins' server halves, binds what they mapped, prints a line for each service, serves until stopped.</summary>
internal sealed class ServerRole(Settings settings, ServerOptions options, DiscoveryOptions discovery, ILoggerFactory logs, TimeProvider time) : IRole
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);
    private readonly ILogger _log = logs.CreateLogger<ServerRole>();

    public async Task RunAsync(CancellationToken stopping)
    {
        string data = DataFolder.Create(options.DataDirectory);
        IPAddress bind = BindAddress();
        var desk = new AdmissionDesk();
        var loader = new PluginLoader(settings, logs, time, new Dictionary<Type, object> { [typeof(IAdmissions)] = desk });
        var runner = new PluginRunner<IServerPlugin>(loader, _log, time);
        var contexts = new Dictionary<LoadedPlugin, ServerContext>();
        using var metrics = new MetricSet(_log);
        var lent = new ContextShared(data, settings, metrics, _log, stopping);
        await runner.StartAsync(
            (plugin, half, token) => half.StartAsync(contexts[plugin] = new ServerContext(plugin, lent, desk), token),
            plugin => { if (contexts.Remove(plugin, out ServerContext? failed)) failed.Withdraw(); }, stopping).ConfigureAwait(false);

        var gate = new HandshakeGate(() => new(options.MaxHandshakes, options.MaxHandshakesPerAddress, options.MaxWaitingHandshakes), time);
        var limits = new LimitTally();
        var rate = new FrameRateWatch(() => options.MinFrameRate, limits, time);
        var shared = new ListenerShared(ServerIdentity.LoadOrCreate(data, time), desk, gate, time, _log) { Tls = options.Tls, Limits = limits, Rate = rate };
        Task watching = rate.RunAsync(stopping);
        Bound bound = Bind(contexts, shared, desk, bind, stopping);
        new ShellMetrics([.. bound.Streams.Select(l => l.Tally)], [.. bound.Datagrams.Select(d => d.Tally)], limits, () => runner.States).AddTo(metrics);
        ProcessMetrics.AddTo(metrics, time);
        await using var admin = new AdminServer(metrics, () => runner.States, logs, time);
        Console.Out.WriteLine($"listening admin http 127.0.0.1:{await admin.StartAsync(options.AdminPort, stopping).ConfigureAwait(false)}");
        HostLog.Started(_log, "server", ProgramVersion.Text, data);
        string fingerprint = ServerIdentity.Fingerprint(shared.Certificate);
        Announced? announced = bound.JoinPort is { } port ? new Announced(options.Name, bind, port, fingerprint, Hello.CurrentVersion, () => desk.Rooms) : null;
        await using (AnnouncingServer? announcing = AnnouncingServer.Start(discovery, announced, metrics, time, _log))
        {
            PrintInvitation(bound, bind, fingerprint);
            await WaitAsync(stopping).ConfigureAwait(false);
        }
        await StopAsync(bound, contexts.Values, runner).ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        shared.Certificate.Dispose();
        HostLog.Stopped(_log, "server");
    }

    private sealed record Bound(List<StreamListener> Streams, List<DatagramServer> Datagrams, int? JoinPort);

    private IPAddress BindAddress()
    {
        IPAddress address = ParseBind();
        return options.Tls || Loopback.Is(address) ? address : throw new ConfigurationErrorException(
            $"{settings.SourceOf("Server:Tls")}: Server:Tls = \"false\" cannot be used with Server:Bind = \"{options.Bind}\"; allowed: true, or a loopback address such as 127.0.0.1 in Server:Bind.");
    }

    private IPAddress ParseBind() => IPAddress.TryParse(options.Bind, out IPAddress? address)
        ? address
        : throw new ConfigurationErrorException($"{settings.SourceOf("Server:Bind")}: Server:Bind = \"{options.Bind}\" cannot be used; allowed: an address of this machine, 0.0.0.0 or ::.");

    private static Bound Bind(Dictionary<LoadedPlugin, ServerContext> contexts, ListenerShared shared, AdmissionDesk desk, IPAddress bind, CancellationToken stopping)
    {
        var bound = new Bound([], [], null);
        var services = new List<ServicePort>();
        foreach (ServerContext context in contexts.OrderBy(c => c.Key.Order).Select(c => c.Value))
        {
            foreach ((StreamMapping mapping, int port, string key) in context.Streams)
            {
                var listener = new StreamListener(mapping, shared, stopping);
                IPEndPoint endpoint = Explained(() => listener.Bind(new IPEndPoint(bind, port), key), bind);
                Announce(services, mapping.Service.Name, "tcp", endpoint);
                if (mapping.Service.Anonymous) bound = bound with { JoinPort = endpoint.Port };
                bound.Streams.Add(listener);
            }
            foreach ((DatagramServer server, int port, string key) in context.Datagrams)
            {
                Announce(services, server.Service.Name, "udp", Explained(() => server.Bind(new IPEndPoint(bind, port), key), bind));
                bound.Datagrams.Add(server);
            }
        }
        desk.Services = services;
        foreach (StreamListener listener in bound.Streams) listener.Start();
        foreach (DatagramServer server in bound.Datagrams) server.Start(stopping);
        return bound;
    }

    private static IPEndPoint Explained(Func<IPEndPoint> bind, IPAddress address)
    {
        try
        {
            return bind();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new ConfigurationErrorException($"Server:Bind = \"{address}\" cannot be used; it is no address of this machine.");
        }
    }

    private static void Announce(List<ServicePort> services, string name, string transport, IPEndPoint endpoint)
    {
        services.Add(new ServicePort(name, transport, endpoint.Port));
        Console.Out.WriteLine($"listening {name} {transport} {endpoint}");
    }

    /// <summary>What a person types on the next machine.</summary>
    private static void PrintInvitation(Bound bound, IPAddress bind, string fingerprint)
    {
        Console.Out.WriteLine($"fingerprint {fingerprint}");
        if (bound.JoinPort is not { } port) return;
        foreach (IPAddress address in Addresses(bind))
            Console.Out.WriteLine($"join from another machine: ./lancollab client --server {new ServerAddress(address.ToString(), port)}");
        foreach (IPAddress address in Addresses(bind))
            Console.Out.WriteLine($"join link: {new JoinLink(new ServerAddress(address.ToString(), port), fingerprint)}");
        Console.Out.Flush();
    }

    private static IEnumerable<IPAddress> Addresses(IPAddress bind)
    {
        if (!bind.Equals(IPAddress.Any) && !bind.Equals(IPAddress.IPv6Any)) return [bind];
        List<IPAddress> all =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .Where(a => a.AddressFamily == AddressFamily.InterNetwork),
        ];
        return all.Count > 0 ? all : [IPAddress.Loopback];
    }

    private static async Task WaitAsync(CancellationToken stopping) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>First nothing new comes in, then what is open ends, then the plugins.</summary>
    private async Task StopAsync(Bound bound, IEnumerable<ServerContext> contexts, PluginRunner<IServerPlugin> runner)
    {
        IEnumerable<Task> ending =
        [
            .. bound.Streams.Select(l => l.StopAsync()),
            .. bound.Datagrams.Select(d => d.StopAsync()),
            .. contexts.SelectMany(c => c.Work.Keys),
        ];
        await Drain.WaitAsync(Task.WhenAll(ending), DrainTime, time).ConfigureAwait(false);
        await runner.StopAsync().ConfigureAwait(false);
    }
}
