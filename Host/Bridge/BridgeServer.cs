using System.Net.WebSockets;
using LanCollab.Contracts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Bridge;

/// <summary>The daemon's side of the browser: the shell's page, the plugins' pages and the bridge, on loopback only.</summary>
/// <param name="options">Port, folder, key.</param>
/// <param name="loggers">For the log.</param>
/// <param name="time">The clock.</param>
public sealed class BridgeServer(BridgeOptions options, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(0.5);

    private readonly ILogger _log = loggers.CreateLogger<BridgeServer>();
    private readonly BridgeKey _key = new(options.Key);
    private readonly BridgeRegistry _registry = new();
    private readonly PluginFiles _plugins = new();
    private readonly PageList _pages = new();
    private KestrelServer? _kestrel;
    private LoopbackSockets? _sockets;

    /// <summary>A plugin's bridge. Register everything before <see cref="StartAsync"/>: later lanes are known only to pages that connect later.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="messages">Its messages, all named <c>plugin/…</c>.</param>
    /// <param name="fault">Called when a handler of the plugin throws what it should not; any thread, must not throw.</param>
    public IBridge For(string plugin, MessageSet messages, Action<Exception> fault)
    {
        var bridge = new PluginBridge(plugin, messages, fault, _registry, _pages);
        _registry.Add(bridge);
        return bridge;
    }

    /// <summary>Takes a plugin's bridge back with all its requests, lanes and paths.</summary>
    /// <param name="plugin">From <see cref="For"/>.</param>
    public void Remove(IBridge plugin) => _registry.Remove((PluginBridge)plugin);

    /// <summary>Tells the page of a plugin, or of its new state when one of that name is there; at any time.</summary>
    public void AddPlugin(PagePlugin plugin)
    {
        _plugins.Set(plugin);
        if (!_pages.All.IsEmpty) _pages.Send(BridgeMessages.Plugins(_plugins.Describe()));
    }

    /// <summary>Opens the port.</summary>
    /// <returns><c>http://localhost:port/#key=…</c>: holds the key, so it is for the person and not for a log.</returns>
    /// <exception cref="IOException">No free port, or no page in the folder.</exception>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        var shell = new ShellFiles(options.UiDirectory);
        LoopbackSockets sockets = _sockets = LoopbackSockets.Claim(options.UiPort);
        if (options.UiPort != 0 && options.UiPort != sockets.Port) BridgeLog.PortBusy(_log, options.UiPort, sockets.Port);
        var pipeline = new BridgePipeline(
            new Gate(sockets.Port, _key, shell.Has), _key, shell, _plugins, new HttpRoutes(_registry, _log),
            new PageEndpoint(_registry, _plugins, _pages, time, _log), loggers, _log);
        _kestrel = LoopbackKestrel.Create(sockets, loggers);
        await _kestrel.StartAsync(pipeline, cancellationToken).ConfigureAwait(false);
        return new Uri($"http://localhost:{sockets.Port}/#key={_key.Text}");
    }

    /// <summary>Closes all pages, telling them that the program stops, and gives the port back.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (Page page in _pages.All) page.Close(WebSocketCloseStatus.EndpointUnavailable, "The program stops.");
        if (_kestrel is not null)
        {
            using var patience = new CancellationTokenSource(StopTime, time);
            await _kestrel.StopAsync(patience.Token).ConfigureAwait(false);
            _kestrel.Dispose();
        }
        _sockets?.Dispose();
    }
}
