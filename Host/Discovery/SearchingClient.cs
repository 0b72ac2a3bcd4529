using LanCollab.Contracts;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>Discovery in a client, with what it needs of the machine; nothing of it runs when it is switched off.</summary>
internal sealed class SearchingClient : IAsyncDisposable
{
    private readonly SystemNetwork? _network;
    private readonly Finder? _finder;

    private SearchingClient(DiscoveryOptions options, KnownServers known, MetricSet metrics, TimeProvider time, ILogger log)
    {
        if (!options.Enabled) return;
        _network = new SystemNetwork(options.Loopback);
        _finder = new Finder(_network, options, known, new DiscoveryMetrics(metrics.Create(DiscoveryMetrics.MeterName)), time, log);
        _finder.Start();
    }

    /// <summary>What is found.</summary>
    public IServerFinder Finder => _finder is null ? new NoFinder() : _finder;

    /// <summary>Done when the first search has found something or is over; at once when there is none.</summary>
    public Task Searched => _finder?.Settled ?? Task.CompletedTask;

    public static SearchingClient Start(DiscoveryOptions options, KnownServers known, MetricSet metrics, TimeProvider time, ILogger log) =>
        new(options, known, metrics, time, log);

    public async ValueTask DisposeAsync()
    {
        if (_finder is not null) await _finder.DisposeAsync().ConfigureAwait(false);
        _network?.Dispose();
    }
}
