namespace LanCollab.Tests.Support.Processes;

/// <summary>A real server and real clients, each with its own data folder and free ports. A test that fails prints what they printed.</summary>
public sealed class Meeting : IAsyncDisposable
{
    private readonly List<ClientProcess> _clients = [];
    private readonly List<AppProcess> _all = [];

    private readonly IReadOnlyList<string> _settings;

    /// <summary>What else the machine does is no reason for the hub to scale video down, but where that is what a test looks at.</summary>
    private static readonly string[] NeverUnderLoad = ["--Plugins:Media:HighCpu=100", "--Plugins:Media:HighDelay=1000"];

    private Meeting(TempFolder folder, ServerProcess server, IReadOnlyList<string> settings)
    {
        Folder = folder;
        Server = server;
        _settings = settings;
        _all.Add(server.Process);
    }

    /// <summary>For data and for files of the test.</summary>
    public TempFolder Folder { get; }

    /// <summary>The server.</summary>
    public ServerProcess Server { get; private set; }

    /// <summary>Everybody.</summary>
    public IReadOnlyList<ClientProcess> Clients => _clients;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Of two with the same key the later one counts.</param>
    public static async Task<Meeting> StartAsync(params IEnumerable<string> settings)
    {
        var folder = new TempFolder();
        string[] all = [.. NeverUnderLoad, .. settings];
        return new Meeting(folder, await ServerProcess.StartAsync(folder.Folder("server"), all), all);
    }

    /// <summary>Kills the server (-9) and starts it again, with its data and on its ports.</summary>
    /// <param name="services">Those whose port is <c>Plugins:&lt;Name&gt;:Port</c>.</param>
    public async Task RestartServerAsync(params IReadOnlyList<string> services)
    {
        string[] ports = [.. services.Select(name => $"--Plugins:{char.ToUpperInvariant(name[0])}{name[1..]}:Port={Server.Port(name)}")];
        await Server.Process.KillAsync();
        Server = await ServerProcess.StartAsync(Folder.Folder("server"), [.. _settings, .. ports]);
        _all.Add(Server.Process);
    }

    /// <summary>Starts a client with a data folder by its name and lets it join; returns when it is told of whatever is said and shared from now on.</summary>
    public async Task<ClientProcess> JoinAsync(string name, params IEnumerable<string> settings) => await EnterAsync(await StartClientAsync(name, settings));

    /// <summary>As <see cref="JoinAsync"/>, started by another program, such as <c>env</c>.</summary>
    public async Task<ClientProcess> JoinByAsync(IReadOnlyList<string> launcher, string name, params IEnumerable<string> settings)
    {
        return await EnterAsync(Keep(await ClientProcess.StartByAsync(launcher, name, Folder.Folder(name), settings)));
    }

    /// <summary>Starts a person's client again, with its old data folder, after it was killed.</summary>
    public async Task<ClientProcess> RestartAsync(ClientProcess killed, params IEnumerable<string> settings)
    {
        _clients.Remove(killed);
        await killed.DisposeAsync();
        return await JoinAsync(killed.Name, settings);
    }

    /// <summary>Starts a client with a data folder by its name.</summary>
    public async Task<ClientProcess> StartClientAsync(string name, params IEnumerable<string> settings) =>
        Keep(await ClientProcess.StartAsync(name, Folder.Folder(name), settings));

    /// <summary>A join is answered when the services' channels are open; what is said before theirs has been asked for the first page stands on that page, and no event comes.</summary>
    private async Task<ClientProcess> EnterAsync(ClientProcess client)
    {
        await client.JoinAsync(Server.Address);
        if (Serves("chat", client)) await client.Bridge.WaitAsync("chat", "history.loaded");
        if (Serves("files", client)) await client.Bridge.WaitAsync("files", "items", e => e.GetProperty("store").GetString() != "");
        return client;
    }

    private bool Serves(string service, ClientProcess client) =>
        Server.Process.Lines.All.Any(l => l.StartsWith($"listening {service} ", StringComparison.Ordinal))
        && client.Bridge.Hello.GetProperty("plugins").EnumerateArray().Any(p => p.GetProperty("name").GetString() == service && p.GetProperty("state").GetString() == "running");

    private ClientProcess Keep(ClientProcess client)
    {
        _clients.Add(client);
        _all.Add(client.Process);
        return client;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The runner shows it of tests that failed only.
        Print();
        foreach (ClientProcess client in _clients) await client.DisposeAsync();
        foreach (AppProcess process in _all) await process.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>Writes what all processes printed to the test's output.</summary>
    public void Print()
    {
        foreach (AppProcess process in _all) TestContext.Current.TestOutputHelper?.WriteLine(process.Output);
        foreach (string log in Directory.EnumerateFiles(Folder.Path, "*.log", SearchOption.AllDirectories))
            TestContext.Current.TestOutputHelper?.WriteLine($"--- {Path.GetRelativePath(Folder.Path, log)} ---\n{string.Join('\n', File.ReadLines(log).TakeLast(60))}");
    }
}
