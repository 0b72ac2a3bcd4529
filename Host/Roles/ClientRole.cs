using LanCollab.Contracts;
using LanCollab.Host.Bridge;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Discovery;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>The daemon on a person's machine: starts the plugins' client halves, serves the page, keeps the link to the hub.</summary>
internal sealed class ClientRole(Settings settings, ClientOptions options, DiscoveryOptions discovery, ILoggerFactory logs, TimeProvider time) : IRole
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan StopTime = Shutdown.Bound - TimeSpan.FromSeconds(1); // The page's port is closed after it.
    private readonly ILogger _log = logs.CreateLogger<ClientRole>();

    public async Task RunAsync(CancellationToken stopping)
    {
        string data = DataFolder.Create(options.DataDirectory);
        var known = new KnownServers(data, _log);
        using var metrics = new MetricSet(_log);
        await using var search = SearchingClient.Start(discovery, known, metrics, time, _log);
        ITls? tls = options.Tls ? TlsLibraries.Choose(options.TlsLibrary) : null;
        if (tls is not null) HostLog.TlsBy(_log, tls.Name);
        var link = new ClientLink(options, new ServerChoice(options, known, search.Finder, search.Searched), known, new Dialer(time) { Handshake = tls?.Call(shown: null) }, time, _log);
        await using var direct = new DirectLinks(tls, time, _log);
        var bridge = new BridgeServer(new BridgeOptions(options.UiPort, Path.Combine(AppContext.BaseDirectory, "ui")), logs, time);
        await using (bridge.ConfigureAwait(false))
        {
            var loader = new PluginLoader(settings, logs, time, new Dictionary<Type, object> { [typeof(IServerLink)] = link });
            var runner = new PluginRunner<IClientPlugin>(loader, _log, time);
            var contexts = new List<ClientContext>();
            var live = new LiveSettings(settings, "Client", time, _log);
            live.Bind<ClientOptions>("Client");
            live.Bind<DiscoveryOptions>("Discovery");
            var shared = new ContextShared(data, settings, live, metrics, _log, stopping);
            await runner.StartAsync((plugin, half, token) => half.StartAsync(Context(new ClientContext(plugin, shared, link, bridge, direct), contexts), token), plugin => Withdraw(plugin, contexts), stopping).ConfigureAwait(false);
            foreach (LoadedPlugin plugin in runner.Plugins) bridge.AddPlugin(Describe(plugin));
            Uri page = await bridge.StartAsync(stopping).ConfigureAwait(false);
            HostLog.Started(_log, "client", ProgramVersion.Text, data);
            Console.Out.WriteLine($"UI: {page}");
            Console.Out.Flush();
            if (options.OpenBrowser) BrowserLauncher.Open(page, data, _log);
            await Task.WhenAll(live.RunAsync(stopping), link.WatchAsync(stopping)).ConfigureAwait(false);
            var deadline = new Deadline(StopTime, time);
            // Plugins' own work first, so that a polite "I am leaving" still finds its channel open.
            await Drain.WaitAsync(Task.WhenAll(contexts.SelectMany(c => c.Work.Keys)), deadline.Left(DrainTime), time).ConfigureAwait(false);
            await Drain.WaitAsync(Task.WhenAll(link.StopAsync("The client stops."), direct.StopAsync()), deadline.Left(DrainTime), time).ConfigureAwait(false);
            await runner.StopAsync(deadline).ConfigureAwait(false);
        }
        HostLog.Stopped(_log, "client");
    }

    private static void Withdraw(LoadedPlugin plugin, List<ClientContext> contexts)
    {
        lock (contexts) contexts.Find(c => c.Plugin == plugin)?.Withdraw();
    }

    private static ClientContext Context(ClientContext context, List<ClientContext> contexts)
    {
        lock (contexts) contexts.Add(context);
        return context;
    }

    private static PagePlugin Describe(LoadedPlugin plugin) =>
        new(plugin.Name, plugin.Order, plugin.Failure is null ? PagePlugin.Running : PagePlugin.Failed, plugin.Failure, plugin.OpenUi);
}
