using System.Net;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Contracts;
using LanCollab.Host.Admin;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Discovery;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>The hub: starts the plugins' server halves, binds what they mapped, serves until stopped.</summary>
internal sealed class ServerRole(Settings settings, ServerOptions options, DiscoveryOptions discovery, ILoggerFactory logs, TimeProvider time) : IRole
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopTime = Shutdown.Bound - TimeSpan.FromSeconds(1);

    private readonly ILogger _log = logs.CreateLogger<ServerRole>();
    private readonly AdmissionDesk _desk = new();
    private readonly LimitTally _limits = new();

    public async Task RunAsync(CancellationToken stopping)
    {
        string data = DataFolder.Create(options.DataDirectory);
        using FileStream alone = DataFolder.Claim(data, "Server:DataDirectory");
        IPAddress bind = BindAddress();
        using var metrics = new MetricSet(_log);
        var live = new LiveSettings(settings, "Server", time, _log);
        live.Bind<DiscoveryOptions>("Discovery");
        var loader = new PluginLoader(settings, logs, time, new Dictionary<Type, object> { [typeof(IAdmissions)] = _desk });
        var runner = new PluginRunner<IServerPlugin>(loader, _log, time);
        IReadOnlyList<ServerContext> contexts = await StartPluginsAsync(runner, new ContextShared(data, settings, live, metrics, _log, stopping)).ConfigureAwait(false);

        ILiveOptions<ServerOptions> current = live.Watch<ServerOptions>(e => HostLog.SettingsRefused(_log, e.Message), "Server");
        var rate = new FrameRateWatch(() => current.Current.MinFrameRate, _limits, time);
        ListenerShared shared = Shared(data, current, rate);
        var ports = new HubPorts(shared, _desk, bind);
        ports.Open(contexts, stopping);
        await using AdminServer admin = await OpenAdminAsync(metrics, ports, runner, stopping).ConfigureAwait(false);
        HostLog.Started(_log, "server", ProgramVersion.Text, data);
        string fingerprint = ServerIdentity.Fingerprint(shared.Certificate);
        Announced? announced = ports.JoinPort is { } port ? new Announced(options.Name, bind, port, fingerprint, Hello.CurrentVersion, () => _desk.Rooms) : null;
        await using (AnnouncingServer? announcing = AnnouncingServer.Start(discovery, announced, metrics, time, _log))
        {
            PrintedInvitation.Print(ports.JoinPort, bind, fingerprint);
            var trim = new MemoryTrim(() => ports.StreamTallies.Sum(t => t.Channels.Value), time, MemoryTrim.Collect, _log);
            await Task.WhenAll(live.RunAsync(stopping), rate.RunAsync(stopping), shared.Silence!.RunAsync(stopping), trim.RunAsync(stopping)).ConfigureAwait(false);
        }
        await StopAsync(ports, contexts, runner).ConfigureAwait(false);
        shared.Certificate.Dispose();
        HostLog.Stopped(_log, "server");
    }

    private async Task<IReadOnlyList<ServerContext>> StartPluginsAsync(PluginRunner<IServerPlugin> runner, ContextShared lent)
    {
        var contexts = new Dictionary<LoadedPlugin, ServerContext>();
        await runner.StartAsync(
            (plugin, half, token) => half.StartAsync(contexts[plugin] = new ServerContext(plugin, lent, _desk), token),
            plugin => { if (contexts.Remove(plugin, out ServerContext? failed)) failed.Withdraw(); }, lent.Stopping).ConfigureAwait(false);
        return [.. contexts.OrderBy(c => c.Key.Order).Select(c => c.Value)];
    }

    private ListenerShared Shared(string data, ILiveOptions<ServerOptions> current, FrameRateWatch rate)
    {
        HandshakeLimits Handshakes() => new(current.Current.MaxHandshakes, current.Current.MaxHandshakesPerAddress, current.Current.MaxWaitingHandshakes);
        ITls tls = TlsLibraries.Choose(options.TlsLibrary);
        if (options.Tls) HostLog.TlsBy(_log, tls.Name);
        X509Certificate2 certificate = ServerIdentity.LoadOrCreate(data, time);
        return new ListenerShared(certificate, _desk, new HandshakeGate(Handshakes, time), time, _log)
        {
            Tls = options.Tls, Handshake = tls.Serve(certificate, asksCallers: false), Limits = _limits, Rate = rate, Silence = new SilenceWatch(asks: false, time),
        };
    }

    private async Task<AdminServer> OpenAdminAsync(MetricSet metrics, HubPorts ports, PluginRunner<IServerPlugin> runner, CancellationToken stopping)
    {
        new ShellMetrics(ports.StreamTallies, ports.DatagramTallies, _limits, () => runner.States).AddTo(metrics);
        ProcessMetrics.AddTo(metrics, time);
        var admin = new AdminServer(metrics, () => runner.States, logs, time);
        Console.Out.WriteLine($"listening admin http 127.0.0.1:{await admin.StartAsync(options.AdminPort, stopping).ConfigureAwait(false)}");
        return admin;
    }

    private IPAddress BindAddress()
    {
        if (!IPAddress.TryParse(options.Bind, out IPAddress? address))
            throw new ConfigurationErrorException($"{settings.SourceOf("Server:Bind")}: Server:Bind = \"{options.Bind}\" cannot be used; allowed: an address of this machine, 0.0.0.0 or ::.");
        return options.Tls || Loopback.Is(address) ? address : throw new ConfigurationErrorException(
            $"{settings.SourceOf("Server:Tls")}: Server:Tls = \"false\" cannot be used with Server:Bind = \"{options.Bind}\"; allowed: true, or a loopback address such as 127.0.0.1 in Server:Bind.");
    }

    /// <summary>First nothing new comes in, then what is open ends, then the plugins; all within one bound.</summary>
    private async Task StopAsync(HubPorts ports, IEnumerable<ServerContext> contexts, PluginRunner<IServerPlugin> runner)
    {
        var deadline = new Deadline(StopTime, time);
        Task ending = Task.WhenAll([ports.StopAsync(), .. contexts.SelectMany(c => c.Work.Keys)]);
        await Drain.WaitAsync(ending, deadline.Left(DrainTime), time).ConfigureAwait(false);
        await runner.StopAsync(deadline).ConfigureAwait(false);
    }
}
