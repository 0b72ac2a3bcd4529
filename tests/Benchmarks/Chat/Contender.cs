using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Host.Net.Tls;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Chat;

/// <summary>A server that is measured, in a process of its own on the first core; the load has the second.</summary>
internal sealed class Contender : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly IAsyncDisposable? _own;
    private readonly Process? _peer;

    private Contender(string name, string address, int process, IAsyncDisposable? own, Process? peer, TempFolder folder) =>
        (Name, Address, ProcessId, _own, _peer, _folder) = (name, address, process, own, peer, folder);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["lancollab-plain", "mosquitto", "nats", "lancollab", "lancollab-sslstream", "mosquitto-tls", "lancollab-disk"];

    /// <summary>Whether it speaks TLS, and is spoken to so.</summary>
    public static bool IsSecure(string name) => name is "lancollab" or "lancollab-sslstream" or "lancollab-disk" or "mosquitto-tls";

    /// <summary>Without the waits of a disk, as the peers work, who keep nothing; <c>lancollab-disk</c> has them.</summary>
    private static string MemoryDisk => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public string Name { get; }

    public string Address { get; }

    public int ProcessId { get; }

    /// <summary>What starts a process on one core; nothing on a machine with one.</summary>
    public static IReadOnlyList<string> OnCore(int core) => Environment.ProcessorCount > 1 ? ["taskset", "-c", $"{core}"] : [];

    public static async Task<Contender> StartAsync(string name)
    {
        if (name is "nats" or "mosquitto" or "mosquitto-tls") return await StartPeerAsync(name);
        string disk = Path.GetTempPath();
        if (name != "lancollab-disk") Environment.SetEnvironmentVariable("TMPDIR", MemoryDisk);
        var folder = new TempFolder();
        Environment.SetEnvironmentVariable("TMPDIR", disk);
        ServerProcess server = await ServerProcess.StartByAsync(OnCore(0), folder.Folder("server"), Settings(IsSecure(name), name == "lancollab-sslstream" ? TlsLibrary.Runtime : TlsLibrary.Auto));
        return new Contender(name, server.Address, server.Process.Id, server, null, folder);
    }

    private static IEnumerable<string> Settings(bool tls, TlsLibrary by) =>
    [
        $"--Server:Tls={tls}", $"--Server:TlsLibrary={by}", "--Plugins:Files:Enabled=false", "--Plugins:Screen:Enabled=false", "--Plugins:Media:Enabled=false",
        "--Plugins:Chat:LinesPerSecond=1000000", "--Plugins:Chat:Burst=1000000", "--Plugins:Chat:HistoryLines=10000000", "--Plugins:Session:MaxMembers=2000",
        "--Server:MaxHandshakes=1000", "--Server:MaxHandshakesPerAddress=1000",
    ];

    private static async Task<Contender> StartPeerAsync(string name)
    {
        IPEndPoint endpoint = FreeEndpoint();
        var folder = new TempFolder();
        string config = folder["mosquitto.conf"];
        // As who starts it: a user of its own could not read the certificate's folder.
        string[] lines = [$"user {Environment.UserName}", $"listener {endpoint.Port} 127.0.0.1", "allow_anonymous true", .. IsSecure(name) ? await CertificateAsync(folder) : []];
        await File.WriteAllLinesAsync(config, lines);
        string[] command = [.. OnCore(0), .. name == "nats" ? (string[])["nats-server", "-a", "127.0.0.1", "-p", $"{endpoint.Port}"] : ["mosquitto", "-c", config]];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await AnswersAsync(endpoint);
        return new Contender(name, endpoint.ToString(), process.Id, null, process, folder);
    }

    /// <summary>A certificate of the hub's kind (ECDSA on P-256, signed by itself), and the lines of mosquitto's configuration that name it.</summary>
    private static async Task<string[]> CertificateAsync(TempFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await File.WriteAllTextAsync(folder["certificate.pem"], made.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        return [$"cafile {folder["certificate.pem"]}", $"certfile {folder["certificate.pem"]}", $"keyfile {folder["key.pem"]}"];
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }

    private static async Task AnswersAsync(IPEndPoint endpoint)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(endpoint, patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    /// <summary>Installs the peers where they are missing; needs root for that.</summary>
    public static async Task InstallPeersAsync()
    {
        foreach ((string program, string package) in new[] { ("/usr/sbin/nats-server", "nats-server"), ("/usr/sbin/mosquitto", "mosquitto") })
        {
            if (File.Exists(program) || File.Exists(program.Replace("sbin", "bin", StringComparison.Ordinal))) continue;
            using Process install = Process.Start(new ProcessStartInfo("apt-get", ["install", "-y", "-q", package]) { Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" } })!;
            await install.WaitForExitAsync();
            if (install.ExitCode != 0) throw new InvalidOperationException($"{package} could not be installed; run apt-get install {package}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
        if (_peer is not null)
        {
            _peer.Kill();
            await _peer.WaitForExitAsync();
            _peer.Dispose();
        }
        _folder.Dispose();
    }
}
