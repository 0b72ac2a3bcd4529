using System.Collections.Concurrent;
using System.Collections.Immutable;
using LanCollab.Contracts;

namespace LanCollab.Host.Bridge;

/// <summary>A request that a plugin handles.</summary>
/// <param name="Plugin">Its plugin.</param>
/// <param name="Type">Its type.</param>
/// <param name="Handle">The body is valid until it returns.</param>
/// <param name="Owner">Encodes its reply and hears of its fault.</param>
internal sealed record BridgeRequest(
    string Plugin, string Type, Func<ReadOnlyMemory<byte>, Page, CancellationToken, ValueTask<object?>> Handle, PluginBridge Owner);

/// <summary>An HTTP path that a plugin serves.</summary>
internal sealed record BridgeRoute(
    string Method, string Prefix, MessageSet Messages, Func<IHttpExchange, CancellationToken, Task> Handle, PluginBridge Owner);

/// <summary>What the plugins have registered: requests, lanes, HTTP paths.</summary>
internal sealed class BridgeRegistry
{
    private static readonly string[] Reserved = ["/auth", "/bridge", "/plugins", "/plugins.json"];
    private readonly ConcurrentDictionary<(string, string), BridgeRequest> _requests = new();
    private ImmutableArray<PluginBridge> _plugins = [];
    private ImmutableArray<BridgeLane> _lanes = [];
    private ImmutableArray<BridgeRoute> _routes = [];

    /// <summary>All plugins' bridges.</summary>
    public ImmutableArray<PluginBridge> Plugins => _plugins;

    /// <summary>All lanes, in order of their numbers from 1.</summary>
    public ImmutableArray<BridgeLane> Lanes => _lanes;

    /// <summary>The handler of a request, or null.</summary>
    public BridgeRequest? Request(string plugin, string type) => _requests.GetValueOrDefault((plugin, type));

    /// <summary>The lane of a number, or null.</summary>
    public BridgeLane? Lane(byte number) 
    {
        // Not by index: a plugin that was taken back leaves a gap.
        foreach (BridgeLane lane in _lanes)
            if (lane.Number == number) return lane;
        return null;
    }

    /// <summary>Routes whose prefix the path starts with, the longest first.</summary>
    public IEnumerable<BridgeRoute> Routes(string path) =>
        _routes.Where(r => path.StartsWith(r.Prefix, StringComparison.Ordinal)).OrderByDescending(r => r.Prefix.Length);

    public void Add(PluginBridge plugin) => ImmutableInterlocked.Update(ref _plugins, plugins => plugins.Add(plugin));

    /// <summary>Takes back a plugin and what it registered; what it registers later is refused.</summary>
    public void Remove(PluginBridge plugin)
    {
        ImmutableInterlocked.Update(ref _plugins, plugins => plugins.Remove(plugin));
        ImmutableInterlocked.Update(ref _routes, routes => routes.RemoveAll(r => r.Owner == plugin));
        foreach (BridgeRequest request in _requests.Values.Where(r => r.Owner == plugin)) _requests.TryRemove((request.Plugin, request.Type), out _);
        lock (_requests) _lanes = _lanes.RemoveAll(l => l.Owner == plugin);
    }

    private void Check(PluginBridge owner)
    {
        if (!_plugins.Contains(owner)) throw new InvalidOperationException("This plugin has failed and is left out.");
    }

    public void Add(BridgeRequest request)
    {
        Check(request.Owner);
        if (!_requests.TryAdd((request.Plugin, request.Type), request))
            throw new InvalidOperationException($"{request.Plugin}/{request.Type} has a handler already.");
    }

    public void Add(BridgeRoute route)
    {
        Check(route.Owner);
        if (route.Prefix.Length < 3 || route.Prefix[0] != '/' || route.Prefix[^1] != '/' || Reserved.Contains(route.Prefix.TrimEnd('/')))
            throw new InvalidOperationException($"The path {route.Prefix} cannot be served: it must be /something/ and none of the shell's own.");
        if (_routes.Any(r => r.Prefix == route.Prefix && r.Method == route.Method))
            throw new InvalidOperationException($"{route.Method} {route.Prefix} has a handler already.");
        ImmutableInterlocked.Update(ref _routes, routes => routes.Add(route));
    }

    public BridgeLane AddLane(Func<byte, BridgeLane> make)
    {
        lock (_requests)
        {
            int number = _lanes is [.., { } last] ? last.Number + 1 : 1;
            if (number > byte.MaxValue) throw new InvalidOperationException("There are no more than 255 lanes.");
            BridgeLane lane = make((byte)number);
            Check(lane.Owner);
            if (_lanes.Any(l => l.Name == lane.Name)) throw new InvalidOperationException($"The lane {lane.Name} is there already.");
            _lanes = _lanes.Add(lane);
            return lane;
        }
    }
}
