using System.Diagnostics.Metrics;
using System.Net;
using LanCollab.Host.Discovery;
using LanCollab.Host.Net;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Host.Discovery;

/// <summary>Servers and clients on a model of a network, on a clock that the test moves.</summary>
public abstract class DiscoveryTestBase : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _running = [];
    private readonly TempFolder _folder = new();
    private readonly Meter _meter = new(DiscoveryMetrics.MeterName);
    private readonly DiscoveryMetrics _metrics;

    private protected FakeLan Lan { get; } = new();

    private protected FakeTimeProvider Time { get; } = new();

    private protected TestLog Log { get; } = new();

    private protected KnownServers Known { get; }

    protected DiscoveryTestBase()
    {
        Known = new KnownServers(_folder.Path, Log);
        _metrics = new DiscoveryMetrics(_meter);
    }

    /// <summary>What a client's list was, each time it changed.</summary>
    private protected sealed record Seen(IReadOnlyList<FoundServer> Servers, SearchReport Report);

    private protected static string Fingerprint(byte digit) => Convert.ToHexString(Enumerable.Repeat(digit, 32).ToArray());

    private protected Announcer Serve(FakeMachine machine, string name = "Hub", byte digit = 0xA1, string bind = "0.0.0.0", Func<int>? rooms = null)
    {
        var announced = new Announced(name, IPAddress.Parse(bind), 5870, Fingerprint(digit), 1, rooms ?? (() => 0));
        var announcer = new Announcer(machine, new DiscoveryOptions(), announced, _metrics, Time, Log);
        _running.Add(announcer);
        announcer.Start();
        return announcer;
    }

    private protected (Finder Finder, Recorded<Seen> Seen) Look(FakeMachine machine)
    {
        var finder = new Finder(machine, new DiscoveryOptions(), Known, _metrics, Time, Log);
        _running.Add(finder);
        var seen = new Recorded<Seen>("a change of the list");
        finder.Changed += () => seen.Add(new Seen(finder.Servers, finder.Report));
        finder.Start();
        return (finder, seen);
    }

    /// <summary>Moves the clock in steps, as time passes: each timer is due once for each step at most.</summary>
    private protected async Task PassAsync(double seconds)
    {
        for (double left = seconds; left > 0.0001; left -= 0.1)
        {
            await Lan.QuietAsync();
            Time.Advance(TimeSpan.FromSeconds(Math.Min(0.1, left)));
        }
        await Lan.QuietAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in _running) await one.DisposeAsync();
        _meter.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
