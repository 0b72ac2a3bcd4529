using System.Globalization;

namespace LanCollab.Tests.Support.Processes;

/// <summary>A real server.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private ServerProcess(AppProcess process) => Process = process;

    /// <summary>The process.</summary>
    public AppProcess Process { get; }

    /// <summary>Ports by service, as printed: <c>listening chat tcp 0.0.0.0:5871</c>.</summary>
    public IReadOnlyDictionary<string, (string Transport, int Port)> Services => Process.Lines.All
        .Select(line => line.Trim().Split(' '))
        .Where(words => words is ["listening", _, _, _, ..])
        .ToDictionary(words => words[1], words => (words[2], int.Parse(words[3].Split(':')[^1], CultureInfo.InvariantCulture)));

    /// <summary>What clients dial.</summary>
    public string Address => $"127.0.0.1:{Services["session"].Port}";

    /// <summary>The command line of a server of its own, every port free.</summary>
    public static IEnumerable<string> Arguments(string data, params IEnumerable<string> more) =>
        ["--role", "server", $"--Server:DataDirectory={data}", "--Server:Bind=127.0.0.1", .. Ports(more), .. more];

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="more">Further settings, <c>--Section:Key=value</c>.</param>
    public static async Task<ServerProcess> StartAsync(string data, params IEnumerable<string> more)
    {
        var server = new ServerProcess(AppProcess.Start("server", Arguments(data, more)));
        await server.Process.WaitLineAsync("listening session");
        return server;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static readonly string[] PortKeys =
    [
        "Plugins:Session:Port", "Plugins:Chat:Port", "Plugins:Files:Port", "Plugins:Screen:Port", "Plugins:Media:AudioPort", "Plugins:Media:VideoPort",
    ];

    private static IEnumerable<string> Ports(IEnumerable<string> more) =>
        PortKeys.Where(key => !more.Any(m => m.StartsWith($"--{key}=", StringComparison.Ordinal))).Select(key => $"--{key}=0");
}
