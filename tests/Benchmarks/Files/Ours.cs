using System.Text.Json;
using LanCollab.Host.Net.Tls;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Files;

/// <summary>This program: a server, one daemon that shares and one that fetches; hashed, synced, acknowledged.</summary>
internal sealed class Ours : IContender
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TempFolder _folder;
    private readonly Dictionary<string, string> _ids = [];
    private int _gets;

    private Ours(string name, TempFolder folder, ServerProcess server, ClientProcess ada, ClientProcess bob) => (Name, _folder, Server, Ada, Bob) = (name, folder, server, ada, bob);

    public ServerProcess Server { get; }

    public ClientProcess Ada { get; }

    public ClientProcess Bob { get; }

    public string Name { get; }

    public TimeSpan Cpu => ProcessFacts.Cpu(Server.Process.Id) + ProcessFacts.Cpu(Ada.Process.Id) + ProcessFacts.Cpu(Bob.Process.Id);

    /// <summary>Starts all three.</summary>
    /// <param name="folder">For what they keep.</param>
    /// <param name="name">The contender's.</param>
    /// <param name="by">Who does their TLS.</param>
    public static async Task<Ours> StartAsync(TempFolder folder, string name, TlsLibrary by = TlsLibrary.Auto)
    {
        ServerProcess server = await ServerProcess.StartByAsync(["env"], folder.Folder($"{name}/server"), "--Plugins:Files:MinFreeBytes=0", $"--Server:TlsLibrary={by}");
        string[] settings = ["--Plugins:Files:MinFreeBytes=0", $"--Client:TlsLibrary={by}"];
        ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder($"{name}/ada"), [.. settings, "--Plugins:Files:ParallelUploads=4"]);
        ClientProcess bob = await ClientProcess.StartAsync("Bob", folder.Folder($"{name}/bob"), settings);
        await ada.JoinAsync(server.Address);
        await bob.JoinAsync(server.Address);
        return new Ours(name, folder, server, ada, bob);
    }

    public async Task PutAsync(Workload workload)
    {
        string[] uploads = await Task.WhenAll(workload.Paths.Select(async path => (await Ada.Bridge.RequestAsync("files", "offer", new { path })).GetProperty("upload").GetString()!));
        JsonElement[] done = await Task.WhenAll(uploads.Select(upload => Ada.Bridge.WaitAsync("files", "uploaded", e => e.GetProperty("upload").GetString() == upload, Patience)));
        foreach (var (path, body) in workload.Paths.Zip(done)) _ids[path] = body.GetProperty("id").GetString()!;
    }

    public async Task GetAsync(Workload workload)
    {
        // A folder for each time: the events of an earlier download stay in the record.
        string target = _folder.Folder($"{Name}/to/{++_gets}");
        await Task.WhenAll(workload.Paths.Select(async path =>
        {
            string id = _ids[path];
            await Bob.Bridge.WaitAsync("files", "offered", e => e.GetProperty("id").GetString() == id);
            await Bob.Bridge.RequestAsync("files", "download", new { id, path = target });
            await Bob.Bridge.WaitAsync("files", "downloaded", e => e.GetProperty("path").GetString()!.StartsWith(target + "/", StringComparison.Ordinal) && e.GetProperty("id").GetString() == id, Patience);
        }));
    }

    public async Task ClearAsync(Workload workload)
    {
        foreach (string path in workload.Paths) await Ada.Bridge.RequestAsync("files", "withdraw", new { id = _ids[path] });
        ClearReceived();
    }

    public void ClearReceived()
    {
        if (Directory.Exists(_folder[$"{Name}/to"])) Directory.Delete(_folder[$"{Name}/to"], recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Ada.DisposeAsync();
        await Bob.DisposeAsync();
        await Server.DisposeAsync();
    }
}
