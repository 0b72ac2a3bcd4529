using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Bridge;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Bridge;

public sealed class LoopbackSocketsTests
{
    [Fact]
    public void All_addresses_have_the_same_free_port()
    {
        using var sockets = LoopbackSockets.Claim(0);
        Assert.NotEqual(0, sockets.Port);
        Assert.Contains(IPAddress.Loopback, sockets.Addresses);
        Assert.All(sockets.Addresses, address => Assert.True(IPAddress.IsLoopback(address)));
        Assert.All(sockets.Addresses, address => Assert.Equal(sockets.Port, ((IPEndPoint)sockets[address].LocalEndPoint!).Port));
    }

    [Fact]
    public async Task A_busy_port_gives_the_next_free_one_and_the_log_says_so()
    {
        using var busy = LoopbackSockets.Claim(0);
        using var folder = new TempFolder();
        File.WriteAllText(folder["index.html"], "");
        var log = new TestLog();
        await using var server = new BridgeServer(new BridgeOptions(busy.Port, folder.Path), log, TimeProvider.System);
        Uri address = await server.StartAsync(CancellationToken.None);
        Assert.NotEqual(busy.Port, address.Port);
        Assert.Contains(log.Lines.All, line => line.Id == 1500 && line.Text.Contains($"{busy.Port}") && line.Text.Contains($"{address.Port}"));
    }

    [Fact]
    public async Task A_port_is_free_again_after_the_end()
    {
        var bridge = await RunningBridge.StartAsync();
        int port = bridge.Port;
        await bridge.DisposeAsync();
        using var again = LoopbackSockets.Claim(port);
        Assert.Equal(port, again.Port);
    }

    [Fact]
    public void A_folder_without_a_page_is_named()
    {
        using var folder = new TempFolder();
        Assert.Contains(folder.Path, Assert.Throws<IOException>(() => new ShellFiles(folder.Path)).Message);
    }

    [Fact]
    public async Task Both_families_serve()
    {
        await using var bridge = await RunningBridge.StartAsync();
        if (!Socket.OSSupportsIPv6) return;
        using var client = new TcpClient(AddressFamily.InterNetworkV6);
        await client.ConnectAsync(IPAddress.IPv6Loopback, bridge.Port);
    }
}
