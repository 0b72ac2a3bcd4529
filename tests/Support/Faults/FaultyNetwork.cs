using System.Globalization;
using System.Net;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.Support.Faults;

/// <summary>
/// All ports of a server once more on another loopback address, through proxies: a client that joins there has its whole traffic, whatever
/// the service, on a link that the test can spoil.
/// </summary>
public sealed class FaultyNetwork : IAsyncDisposable
{
    private static readonly IPAddress Front = IPAddress.Parse("127.0.0.2");
    private readonly int _joinPort;

    /// <param name="server">A server that has printed its ports.</param>
    /// <param name="options">For all of them.</param>
    public FaultyNetwork(ServerProcess server, FaultOptions? options = null)
    {
        foreach (string[] line in server.Process.Lines.All.Where(l => l.StartsWith("listening ", StringComparison.Ordinal)).Select(l => l.Split(' ')))
        {
            int port = int.Parse(line[3].Split(':')[^1], CultureInfo.InvariantCulture);
            IPEndPoint front = new(Front, port), back = new(IPAddress.Loopback, port);
            if (line[2] == "tcp") Tcp[line[1]] = new TcpFaultProxy(front, back, options);
            else Udp[line[1]] = new UdpFaultProxy(front, back, options);
        }
        _joinPort = server.Port("session");
    }

    /// <summary>What a client dials.</summary>
    public string Address => $"{Front}:{_joinPort}";

    /// <summary>By service.</summary>
    public Dictionary<string, TcpFaultProxy> Tcp { get; } = [];

    /// <summary>By service.</summary>
    public Dictionary<string, UdpFaultProxy> Udp { get; } = [];

    /// <summary>Nothing on streams passes in this direction until <see cref="Flow"/>, and nobody is told.</summary>
    public void Stall(Direction direction)
    {
        foreach (TcpFaultProxy proxy in Tcp.Values) proxy.Stall(direction);
    }

    /// <summary>Lets it pass again.</summary>
    public void Flow(Direction direction)
    {
        foreach (TcpFaultProxy proxy in Tcp.Values) proxy.Flow(direction);
    }

    /// <summary>Half-opens all connections, see <see cref="TcpFaultProxy.HalfOpen"/>.</summary>
    public void HalfOpen(Direction toward)
    {
        foreach (TcpFaultProxy proxy in Tcp.Values) proxy.HalfOpen(toward);
    }

    /// <summary>From now on everything passes through so many bytes a second in each direction of each connection; 0: as much as comes.</summary>
    public void Squeeze(long bytesPerSecond)
    {
        foreach (TcpFaultProxy proxy in Tcp.Values) proxy.Options = proxy.Options with { BytesPerSecond = bytesPerSecond };
        foreach (UdpFaultProxy proxy in Udp.Values) proxy.Options = proxy.Options with { BytesPerSecond = bytesPerSecond };
    }

    /// <summary>Resets everything that is open, and lets nobody in until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        foreach (TcpFaultProxy proxy in Tcp.Values)
        {
            proxy.Accepts = false;
            proxy.Reset();
        }
        foreach (UdpFaultProxy proxy in Udp.Values)
            foreach (Direction direction in Enum.GetValues<Direction>()) proxy.BlackHole.Add(direction);
    }

    /// <summary>The network is back.</summary>
    public void Mend()
    {
        foreach (TcpFaultProxy proxy in Tcp.Values) proxy.Accepts = true;
        foreach (UdpFaultProxy proxy in Udp.Values) proxy.BlackHole.Clear();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (TcpFaultProxy proxy in Tcp.Values) await proxy.DisposeAsync();
        foreach (UdpFaultProxy proxy in Udp.Values) await proxy.DisposeAsync();
    }
}
