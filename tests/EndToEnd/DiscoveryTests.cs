using System.Diagnostics;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Networks;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>Servers are found in network namespaces, where interfaces can be cut without harm.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DiscoveryTests : IAsyncDisposable
{
    /// <summary>From the search's beginning to the list.</summary>
    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(2);

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _running = [];

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in Enumerable.Reverse(_running)) await one.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_is_found_within_two_seconds_beside_an_interface_that_drops_everything_and_again_after_interfaces_come_up()
    {
        NetworkLab lab = Keep(await NetworkLab.CreateOrSkipAsync());
        NetworkNamespace hub = await lab.AddAsync("hub"), desk = await lab.AddAsync("desk"), hole = await lab.AddAsync("hole");
        await lab.ConnectAsync(desk, "hole0", "10.77.0.2/24", hole, "end0", null);
        await lab.ConnectAsync(desk, "lan0", "10.78.0.2/24", hub, "lan0", "10.78.0.1/24");
        await lab.ConnectAsync(desk, "lan1", "10.79.0.2/24", hub, "lan1", "10.79.0.1/24");
        // Who follows the routes talks to nobody: the default one leads into the hole.
        await desk.IpAsync("route", "add", "default", "via", "10.77.0.1", "dev", "hole0");

        ServerProcess server = Keep(await ServerProcess.StartByAsync(hub.Launcher, _folder.Folder("server"), "--Server:Bind=0.0.0.0", "--Server:Name=Bridge"));
        ClientProcess client = Keep(await ClientProcess.StartInAsync(desk, "Ada", _folder.Folder("client")));
        JsonElement found = await FoundAsync(client);
        Assert.Equal(1, found.GetProperty("found").GetArrayLength());
        JsonElement row = found.GetProperty("found")[0];
        Assert.Equal("Bridge", row.GetProperty("name").GetString());
        Assert.Contains(row.GetProperty("address").GetString(), (string[])[$"10.78.0.1:{server.Port("session")}", $"10.79.0.1:{server.Port("session")}"]);
        await AssertWithinAimAsync(client, "Discovery uses these interfaces: hole0");

        // Before anything was found there was nothing, too: that is not what is waited for.
        client.Bridge.Events.Clear();
        await desk.SetUpAsync("lan0", up: false);
        await desk.SetUpAsync("lan1", up: false);
        await client.Bridge.WaitAsync("session", "servers.known", e => e.GetProperty("found").GetArrayLength() == 0);
        client.Bridge.Events.Clear();
        long plugged = Stopwatch.GetTimestamp();
        await desk.SetUpAsync("lan1", up: true);
        JsonElement again = (await FoundAsync(client)).GetProperty("found")[0];
        TestContext.Current.TestOutputHelper?.WriteLine($"on the page {Stopwatch.GetElapsedTime(plugged).TotalMilliseconds:F0} ms after the cable was plugged in");
        Assert.Equal($"10.79.0.1:{server.Port("session")}", again.GetProperty("address").GetString());
        await AssertWithinAimAsync(client, "Discovery uses these interfaces: hole0 (10.77.0.2/24), lan1");

        await client.JoinAsync(again.GetProperty("link").GetString()!);
        JsonElement card = await client.Bridge.RequestAsync("session", "invite", new { room = "room" });
        Assert.Equal($"{again.GetProperty("link").GetString()}&room=room", card.GetProperty("link").GetString());
    }

    [Fact]
    public async Task A_client_without_a_page_finds_its_server_and_joins()
    {
        NetworkLab lab = Keep(await NetworkLab.CreateOrSkipAsync());
        NetworkNamespace hub = await lab.AddAsync("hub"), desk = await lab.AddAsync("desk");
        await lab.ConnectAsync(desk, "lan0", "10.78.0.2/24", hub, "lan0", "10.78.0.1/24");
        Keep(await ServerProcess.StartByAsync(hub.Launcher, _folder.Folder("server"), "--Server:Bind=0.0.0.0"));
        ClientProcess client = Keep(await ClientProcess.StartInAsync(desk, "Kiosk", _folder.Folder("client"), "--Client:Name=Kiosk", "--Client:Room=Hall"));
        JsonElement joined = await client.Bridge.WaitAsync("session", "joined");
        Assert.Equal("Hall", joined.GetProperty("room").GetString());
    }

    [Fact]
    public async Task On_a_network_that_has_IPv6_only_a_server_is_found_within_two_seconds_and_joined()
    {
        NetworkLab lab = Keep(await NetworkLab.CreateOrSkipAsync());
        NetworkNamespace hub = await lab.AddAsync("hub"), desk = await lab.AddAsync("desk"), hole = await lab.AddAsync("hole");
        await lab.ConnectAsync(desk, "hole0", null, hole, "end0", null);
        await lab.ConnectAsync(desk, "lan0", null, hub, "lan0", null);
        await desk.AddAddressAsync("hole0", "fd77::2/64");
        await desk.AddAddressAsync("lan0", "fd78::2/64");
        await hub.AddAddressAsync("lan0", "fd78::1/64");

        ServerProcess server = Keep(await ServerProcess.StartByAsync(hub.Launcher, _folder.Folder("server"), "--Server:Bind=::", "--Server:Name=Bridge"));
        ClientProcess client = Keep(await ClientProcess.StartInAsync(desk, "Ada", _folder.Folder("client")));
        JsonElement row = (await FoundAsync(client)).GetProperty("found")[0];
        TestContext.Current.TestOutputHelper?.WriteLine($"found at {row.GetProperty("address").GetString()}");
        Assert.Equal("Bridge", row.GetProperty("name").GetString());
        Assert.EndsWith($"]:{server.Port("session")}", row.GetProperty("address").GetString());
        await AssertWithinAimAsync(client, "Discovery uses these interfaces: hole0");
        await client.JoinAsync(row.GetProperty("link").GetString()!);
        await client.Bridge.RequestAsync("chat", "say", new { text = "by IPv6" });
    }

    [Fact]
    public async Task A_client_on_a_network_without_a_server_says_what_it_asked_and_one_without_a_network_says_that()
    {
        NetworkLab lab = Keep(await NetworkLab.CreateOrSkipAsync());
        NetworkNamespace desk = await lab.AddAsync("desk"), hole = await lab.AddAsync("hole");
        await lab.ConnectAsync(desk, "lan0", "10.78.0.2/24", hole, "end0", null);
        ClientProcess client = Keep(await ClientProcess.StartInAsync(desk, "Ada", _folder.Folder("client")));
        await FindingAsync(client, "no-answer", "lan0 (10.78.0.2/24)");
        client.Bridge.Events.Clear();
        await desk.SetUpAsync("lan0", up: false);
        await FindingAsync(client, "no-interface", "");
    }

    [Fact]
    public async Task Switched_off_nothing_is_announced_and_nothing_searched()
    {
        await using var server = await ServerProcess.StartAsync(_folder.Folder("server"), "--Discovery:Loopback=true", "--Discovery:Enabled=false");
        Assert.DoesNotContain(server.Process.Lines.All, l => l.StartsWith("listening discovery", StringComparison.Ordinal));
        await using ClientProcess client = await ClientProcess.StartAsync("Ada", _folder.Folder("client"), "--Discovery:Enabled=false");
        JsonElement servers = await client.Bridge.RequestAsync("session", "servers");
        Assert.Equal("off", servers.GetProperty("search").GetProperty("state").GetString());
        Assert.Equal(0, servers.GetProperty("found").GetArrayLength());
    }

    private static async Task<JsonElement> FoundAsync(ClientProcess client)
    {
        JsonElement now = await client.Bridge.RequestAsync("session", "servers");
        return now.GetProperty("found").GetArrayLength() > 0
            ? now
            : await client.Bridge.WaitAsync("session", "servers.known", e => e.GetProperty("found").GetArrayLength() > 0);
    }

    private static async Task FindingAsync(ClientProcess client, string code, string says)
    {
        bool Has(JsonElement list) => list.GetProperty("search").GetProperty("findings").EnumerateArray()
            .Any(f => f.GetProperty("code").GetString() == code && f.GetProperty("message").GetString()!.Contains(says, StringComparison.Ordinal));
        if (!Has(await client.Bridge.RequestAsync("session", "servers"))) await client.Bridge.WaitAsync("session", "servers.known", Has);
    }

    /// <summary>By the client's own log, which the bridge, the page and this machine's load do not blur: from the interface to the server.</summary>
    private async Task AssertWithinAimAsync(ClientProcess client, string begin)
    {
        (string from, string found) = await LinesAsync(begin, "Found the server");
        TimeSpan took = At(found) - At(from);
        TestContext.Current.TestOutputHelper?.WriteLine($"{client.Name}: found {took.TotalMilliseconds:F0} ms after the interface");
        Assert.InRange(took, TimeSpan.Zero, Aim);
    }

    /// <summary>A line and a later one; the log is written a little after the fact.</summary>
    private async Task<(string, string)> LinesAsync(string first, string second)
    {
        using var patience = new CancellationTokenSource(Recorded<string>.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            string[] log = ReadLog();
            int from = Array.FindIndex(log, l => l.Contains(first, StringComparison.Ordinal));
            if (from >= 0 && log.Skip(from).FirstOrDefault(l => l.Contains(second, StringComparison.Ordinal)) is { } found) return (log[from], found);
        }
        while (await look.WaitForNextTickAsync(patience.Token));
        throw new InvalidOperationException("The log has ended.");
    }

    private string[] ReadLog() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(_folder.Path, "client", "logs"), "*.log").SelectMany(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return new StreamReader(stream).ReadToEnd().Split('\n');
        }),
    ];

    private static DateTime At(string line) => DateTime.Parse(line[..24], System.Globalization.CultureInfo.InvariantCulture);

    private T Keep<T>(T made) where T : IAsyncDisposable
    {
        _running.Add(made);
        return made;
    }
}
