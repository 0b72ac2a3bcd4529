using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Support;

/// <summary>
/// A hub and its clients in one process, without a network: doubles of the contracts for the tests of one plugin.
/// <code>
/// await using var hub = new InMemoryHub();
/// await hub.Server.StartAsync(new PollServer(hub.Log));
/// TestClientContext ada = hub.NewClient("Ada");
/// await ada.StartAsync(new PollClient(hub.Log));
/// await ada.JoinAs("Ada");
/// await ada.Page.RequestAsync&lt;Voted&gt;(new Vote("tea"));
/// await ada.Page.WaitAsync&lt;Counted&gt;(c =&gt; c.Tea == 1);
/// </code>
/// Disposing it stops everything and fails the test when a plugin threw what it should not have (<see cref="Faults"/>).
/// </summary>
public sealed class InMemoryHub : IAsyncDisposable
{
    private readonly ConcurrentQueue<TestClientContext> _clients = new();
    private int _clientCount, _peerCount;

    /// <summary>An empty hub.</summary>
    /// <param name="settings">The plugin's section on the server, <c>Key</c> or <c>Section:Key</c>.</param>
    /// <param name="capacity">Frames a channel queues in each direction.</param>
    public InMemoryHub(IReadOnlyDictionary<string, string?>? settings = null, int capacity = 64)
    {
        Capacity = capacity;
        Admissions = new TestAdmissions(this);
        Datagrams = new InMemoryDatagrams(this);
        Server = new TestServerContext(this, settings);
    }

    /// <summary>For the server half.</summary>
    public TestServerContext Server { get; }

    /// <summary>Who is here, for plugins that import <see cref="ISessions"/>; <see cref="TestClientContext.JoinAs(Peer)"/> fills it.</summary>
    public TestSessions Sessions { get; } = new();

    /// <summary>For the plugin that decides who may come in.</summary>
    public TestAdmissions Admissions { get; }

    /// <summary>The datagram services and the faults of their network.</summary>
    public InMemoryDatagrams Datagrams { get; }

    /// <summary>A clock that stands still until the test moves it.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>What the plugins logged.</summary>
    public TestLog Log { get; } = new();

    /// <summary>Data folders of all.</summary>
    public TempFolder Folder { get; } = new();

    /// <summary>What plugins threw and should not have. A test that expects one clears it.</summary>
    public Recorded<(string Where, Exception Fault)> Faults { get; } = new("a plugin's fault");

    /// <summary>Reasons of channels that were closed for breaking the protocol.</summary>
    public Recorded<string> ProtocolErrors { get; } = new("a protocol error");

    internal int Capacity { get; }

    /// <summary>One more client, in no room.</summary>
    public TestClientContext NewClient(string? name = null, IReadOnlyDictionary<string, string?>? settings = null, System.Net.IPAddress? address = null)
    {
        int number = Interlocked.Increment(ref _clientCount);
        var client = new TestClientContext(this, $"client{number}-{name}", settings) { Address = address ?? System.Net.IPAddress.Loopback };
        _clients.Enqueue(client);
        return client;
    }

    /// <summary>A seat that nobody has taken yet.</summary>
    public Peer NewPeer(string name, string room = "room") => new(Interlocked.Increment(ref _peerCount).ToString("x16"), name, room);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (TestClientContext client in _clients) await client.DisposeAsync();
        await Server.DisposeAsync();
        Folder.Dispose();
        if (Faults.All is [var (where, fault), ..]) throw new InvalidOperationException($"A plugin failed: {where}", fault);
    }

    internal void Fault(string where, Exception fault) => Faults.Add((where, fault));
}
