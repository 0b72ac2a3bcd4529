using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Files;

/// <summary>curl against nginx with WebDAV over TLS 1.3: what an administrator would set up for the same purpose, with the cipher that this program takes, which is the faster one. Nothing is hashed, nothing is synced.</summary>
internal sealed class Nginx : IContender
{
    private readonly TempFolder _folder;
    private readonly Process _server;
    private readonly string _address;

    private Nginx(TempFolder folder, Process server, string address) => (_folder, _server, _address) = (folder, server, address);

    public string Name => "nginx";

    public TimeSpan Cpu => ProcessFacts.EndedChildrenCpu() + Workers().Aggregate(TimeSpan.Zero, (sum, process) => sum + ProcessFacts.Cpu(process));

    /// <summary>Installs what is missing and starts it.</summary>
    public static async Task<Nginx> StartAsync(TempFolder folder)
    {
        await Packages.RequireAsync("nginx", "nginx-light");
        await Packages.RequireAsync("curl", "curl");
        int port = FreePort();
        WriteCertificate(folder.Folder("nginx"));
        foreach (string name in (string[])["temp", "store", "logs"]) folder.Folder($"nginx/{name}");
        File.WriteAllText(folder["nginx/nginx.conf"], Configuration(folder["nginx"], port));
        var server = Process.Start(new ProcessStartInfo(Packages.Find("nginx"), ["-p", folder["nginx"], "-c", "nginx.conf", "-e", "logs/error.log"]))!;
        var nginx = new Nginx(folder, server, $"https://127.0.0.1:{port}");
        for (int tries = 0; tries < 100 && await nginx.CurlAsync("-o", "/dev/null", nginx._address) != 0; tries++) await Task.Delay(100);
        return nginx;
    }

    public Task PutAsync(Workload workload) => TransferAsync(workload, (local, remote) => ["-T", local, remote], (local, remote) => $"upload-file = \"{local}\"\nurl = \"{remote}\"\n");

    public Task GetAsync(Workload workload)
    {
        Directory.CreateDirectory(_folder["nginx/to"]);
        return TransferAsync(workload, (local, remote) => ["-o", Target(local), remote], (local, remote) => $"output = \"{Target(local)}\"\nurl = \"{remote}\"\n");
    }

    public Task ClearAsync(Workload workload)
    {
        Clear("store");
        ClearReceived();
        return Task.CompletedTask;
    }

    public void ClearReceived() => Clear("to");

    public async ValueTask DisposeAsync()
    {
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    private void Clear(string folder)
    {
        if (Directory.Exists(_folder[$"nginx/{folder}"])) Directory.Delete(_folder[$"nginx/{folder}"], recursive: true);
        _folder.Folder($"nginx/{folder}");
    }

    private string Target(string local) => Path.Combine(_folder["nginx/to"], Path.GetFileName(local));

    private async Task TransferAsync(Workload workload, Func<string, string, string[]> one, Func<string, string, string> line)
    {
        string[] files = [.. workload.Paths.SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [path])];
        if (files.Length <= 4)
        {
            int[] codes = await Task.WhenAll(files.Select(file => CurlAsync(one(file, Remote(file)))));
            if (codes.Any(code => code != 0)) throw new InvalidOperationException($"curl ended with {codes.First(code => code != 0)}");
            return;
        }
        // Thousands of files: one curl that keeps its connections, four at a time.
        await File.WriteAllLinesAsync(_folder["nginx/curl.conf"], files.Select(file => line(file, Remote(file))));
        if (await CurlAsync("-Z", "--parallel-max", "4", "-K", _folder["nginx/curl.conf"]) != 0) throw new InvalidOperationException("curl failed");
    }

    private string Remote(string file) => $"{_address}/{Path.GetFileName(file)}";

    private async Task<int> CurlAsync(params IEnumerable<string> arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-s", "-S", "-k", "--fail", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = curl.StandardOutput.ReadToEndAsync();
        _ = curl.StandardError.ReadToEndAsync();
        await curl.WaitForExitAsync();
        return curl.ExitCode;
    }

    private IEnumerable<int> Workers() => File.ReadAllText($"/proc/{_server.Id}/task/{_server.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    private static string Configuration(string folder, int port) => $$"""
        daemon off; pid {{folder}}/pid; worker_processes auto; user root;
        events { worker_connections 256; }
        http {
          access_log off; sendfile on; client_max_body_size 0; keepalive_requests 100000;
          client_body_temp_path {{folder}}/temp;
          server {
            listen 127.0.0.1:{{port}} ssl;
            ssl_certificate {{folder}}/cert.pem; ssl_certificate_key {{folder}}/key.pem; ssl_protocols TLSv1.3;
            ssl_prefer_server_ciphers on; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384;
            root {{folder}}/store; autoindex on;
            location / { dav_methods PUT DELETE; create_full_put_path on; }
          }
        }
        """;

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
