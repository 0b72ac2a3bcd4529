using System.Collections.Concurrent;
using System.Net;

namespace LanCollab.Tests.Support;

/// <summary>What the hub lends to a server half, without a network.</summary>
public sealed class TestServerContext : TestContextBase, IServerContext
{
    private readonly ConcurrentDictionary<string, (StreamService Service, Func<IChannel, CancellationToken, Task> Handler)> _streams = new();
    private readonly ConcurrentDictionary<InMemoryChannel, bool> _open = new();

    internal TestServerContext(InMemoryHub hub, IReadOnlyDictionary<string, string?>? settings) : base(hub, "server", settings) { }

    /// <summary>The streams that were mapped.</summary>
    public IEnumerable<StreamService> Services => _streams.Values.Select(s => s.Service);

    /// <summary>The hub's ends of all channels that are open.</summary>
    public IReadOnlyList<InMemoryChannel> Channels => [.. _open.Keys];

    /// <summary>Starts a server half.</summary>
    public Task StartAsync(IServerPlugin plugin) => plugin.StartAsync(this, CancellationToken.None);

    /// <inheritdoc />
    public void MapStream(StreamService service, Func<IChannel, CancellationToken, Task> handler) =>
        Assert.True(_streams.TryAdd(service.Name, (service, handler)), $"{service.Name} is mapped twice");

    /// <inheritdoc />
    public IServerDatagrams MapDatagrams(DatagramService service, DatagramHandler handler) => Hub.Datagrams.Map(service.Name, handler);

    /// <summary>Closes what a peer has open.</summary>
    public void CloseChannels(Peer peer, string reason)
    {
        foreach (InMemoryChannel channel in Channels.Where(c => c.Peer == peer)) channel.Close(reason);
    }

    /// <summary>Opens a channel to a service and runs its handler; gives the client's end.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="seat">The hub's peer; null for the anonymous service.</param>
    /// <param name="self">The client's own peer.</param>
    /// <param name="maxFrame">The longest payload the client takes.</param>
    /// <param name="address">The client's address.</param>
    internal InMemoryChannel Accept(string service, Peer? seat, Peer? self, int maxFrame, IPAddress address)
    {
        if (!_streams.TryGetValue(service, out var mapped)) throw new UserErrorException("unreachable", $"There is no service {service}.");
        Assert.True(mapped.Service.Anonymous == seat is null, $"{service}: only the anonymous service takes people without a seat, and takes nobody else");
        (InMemoryChannel hub, InMemoryChannel client) = InMemoryChannel.Pair(service, seat, self, mapped.Service.MaxFrame, maxFrame, Hub.Capacity, address);
        _open[hub] = true;
        Track(service, () => ServeAsync(hub, mapped.Handler));
        return client;
    }

    private async Task ServeAsync(InMemoryChannel channel, Func<IChannel, CancellationToken, Task> handler)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(channel.Closed, Stopping);
        try
        {
            await handler(channel, ends.Token);
            channel.Close("served");
        }
        catch (ProtocolErrorException e)
        {
            Hub.ProtocolErrors.Add(e.Message);
            channel.Close(e.Message);
        }
        finally
        {
            _open.TryRemove(channel, out _);
            await channel.DisposeAsync();
        }
    }

    private protected override Task StopAsync()
    {
        foreach (InMemoryChannel channel in Channels) channel.Close("The server stops.");
        return Task.CompletedTask;
    }
}
