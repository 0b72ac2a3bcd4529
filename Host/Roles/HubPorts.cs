using System.Net;
using System.Net.Sockets;
using LanCollab.Contracts;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;

namespace LanCollab.Host.Roles;

/// <summary>Everything the hub listens on for its clients: binds what the plugins mapped and prints a line for each service.</summary>
/// <param name="shared">For the TCP services.</param>
/// <param name="desk">Is told all services.</param>
/// <param name="bind">The address.</param>
internal sealed class HubPorts(ListenerShared shared, AdmissionDesk desk, IPAddress bind)
{
    private readonly List<StreamListener> _streams = [];
    private readonly List<DatagramServer> _datagrams = [];
    private readonly List<ServicePort> _services = [];

    /// <summary>The port of the anonymous service; null when there is none.</summary>
    public int? JoinPort { get; private set; }

    public IReadOnlyList<ServiceTally> StreamTallies => [.. _streams.Select(s => s.Tally)];

    public IReadOnlyList<DatagramTally> DatagramTallies => [.. _datagrams.Select(d => d.Tally)];

    /// <summary>Binds all, then serves: nobody is let in while a port may still turn out to be in use.</summary>
    /// <exception cref="PortInUseException">Somebody else has one.</exception>
    /// <exception cref="ConfigurationErrorException">The address is none of this machine.</exception>
    public void Open(IEnumerable<ServerContext> contexts, CancellationToken stopping)
    {
        foreach (ServerContext context in contexts)
        {
            foreach ((StreamMapping mapping, int port, string key) in context.Streams) Bind(new StreamListener(mapping, shared, stopping), port, key);
            foreach ((DatagramServer server, int port, string key) in context.Datagrams) Bind(server, port, key);
        }
        desk.Services = _services;
        foreach (StreamListener listener in _streams) listener.Start();
        foreach (DatagramServer server in _datagrams) server.Start(stopping);
    }

    /// <summary>Accepts nothing more; complete when all handlers have ended.</summary>
    public Task StopAsync() => Task.WhenAll([.. _streams.Select(l => l.StopAsync()), .. _datagrams.Select(d => d.StopAsync())]);

    private void Bind(StreamListener listener, int port, string key)
    {
        IPEndPoint endpoint = Explained(() => listener.Bind(new IPEndPoint(bind, port), key));
        Announce(listener.Service.Name, "tcp", endpoint);
        if (listener.Service.Anonymous) JoinPort = endpoint.Port;
        _streams.Add(listener);
    }

    private void Bind(DatagramServer server, int port, string key)
    {
        Announce(server.Service.Name, "udp", Explained(() => server.Bind(new IPEndPoint(bind, port), key)));
        _datagrams.Add(server);
    }

    private IPEndPoint Explained(Func<IPEndPoint> bound)
    {
        try
        {
            return bound();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new ConfigurationErrorException($"Server:Bind = \"{bind}\" cannot be used; it is no address of this machine.");
        }
    }

    private void Announce(string name, string transport, IPEndPoint endpoint)
    {
        _services.Add(new ServicePort(name, transport, endpoint.Port));
        Console.Out.WriteLine($"listening {name} {transport} {endpoint}");
    }
}
