using System.Net;
using LanCollab.Host.Metrics;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>Discovery in a server, with what it needs of the machine.</summary>
internal sealed class AnnouncingServer : IAsyncDisposable
{
    private readonly SystemNetwork _network;
    private readonly Announcer _announcer;

    private AnnouncingServer(DiscoveryOptions options, Announced server, DiscoveryMetrics metrics, TimeProvider time, ILogger log)
    {
        _network = new SystemNetwork(options.Loopback);
        _announcer = new Announcer(_network, options, server, metrics, time, log);
        _announcer.Start();
    }

    /// <returns>Null: switched off, or there is nobody to be told.</returns>
    public static AnnouncingServer? Start(DiscoveryOptions options, Announced? server, MetricSet metrics, TimeProvider time, ILogger log)
    {
        if (!options.Enabled || server is null || (IPAddress.IsLoopback(server.Bind) && !options.Loopback)) return null;
        Console.Out.WriteLine($"listening discovery udp {new IPEndPoint(IPAddress.Any, options.Port)}");
        return new AnnouncingServer(options, server, new DiscoveryMetrics(metrics.Create(DiscoveryMetrics.MeterName)), time, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _announcer.DisposeAsync().ConfigureAwait(false);
        _network.Dispose();
    }
}
