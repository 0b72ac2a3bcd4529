using System.Globalization;

namespace LanCollab.Tests.Support.Processes;

/// <summary>A real server.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private ServerProcess(AppProcess process) => Process = process;

    /// <summary>The process.</summary>
    public AppProcess Process { get; }

    /// <summary>What clients dial.</summary>
    public string Address => $"127.0.0.1:{Port("session")}";

    /// <summary>The port of a service, as printed: <c>listening chat tcp 0.0.0.0:5871</c>.</summary>
    public int Port(string service, string transport = "tcp")
    {
        string line = Process.Lines.All.First(l => l.StartsWith($"listening {service} {transport} ", StringComparison.Ordinal));
        return int.Parse(line.Split(':')[^1], CultureInfo.InvariantCulture);
    }

    /// <summary>The command line of a server of its own, every port free.</summary>
    public static IEnumerable<string> Arguments(string data, params IEnumerable<string> more) =>
        ["--role", "server", $"--Server:DataDirectory={data}", "--Server:Bind=127.0.0.1", .. Ports(more), .. more];

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="more">Further settings, <c>--Section:Key=value</c>.</param>
    public static Task<ServerProcess> StartAsync(string data, params IEnumerable<string> more) => StartByAsync([], data, more);

    /// <summary>As <see cref="StartAsync"/>, through a launcher; see <see cref="AppProcess.Start"/>.</summary>
    public static async Task<ServerProcess> StartByAsync(IReadOnlyList<string> launcher, string data, params IEnumerable<string> more)
    {
        var server = new ServerProcess(AppProcess.Start("server", Arguments(data, more), launcher));
        // The line that is printed when every port is open.
        await server.Process.WaitLineAsync("fingerprint ");
        return server;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static readonly string[] PortKeys =
    [
        "Server:AdminPort",
        "Plugins:Session:Port", "Plugins:Chat:Port", "Plugins:Files:Port", "Plugins:Screen:Port", "Plugins:Media:AudioPort", "Plugins:Media:VideoPort",
    ];

    /// <summary>Settings that give every service a free port, but for those that are given.</summary>
    public static IEnumerable<string> Ports(params IEnumerable<string> more) =>
        PortKeys.Where(key => !more.Any(m => m.StartsWith($"--{key}=", StringComparison.Ordinal))).Select(key => $"--{key}=0");
}
