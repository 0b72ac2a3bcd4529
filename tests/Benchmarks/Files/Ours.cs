using System.Text.Json;
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

    private Ours(TempFolder folder, ServerProcess server, ClientProcess ada, ClientProcess bob) => (_folder, Server, Ada, Bob) = (folder, server, ada, bob);

    public ServerProcess Server { get; }

    public ClientProcess Ada { get; }

    public ClientProcess Bob { get; }

    public string Name => "lancollab";

    public TimeSpan Cpu => ProcessFacts.Cpu(Server.Process.Id) + ProcessFacts.Cpu(Ada.Process.Id) + ProcessFacts.Cpu(Bob.Process.Id);

    public static async Task<Ours> StartAsync(TempFolder folder)
    {
        ServerProcess server = await ServerProcess.StartByAsync(["env"], folder.Folder("server"), "--Plugins:Files:MinFreeBytes=0");
        ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada"), "--Plugins:Files:MinFreeBytes=0", "--Plugins:Files:ParallelUploads=4");
        ClientProcess bob = await ClientProcess.StartAsync("Bob", folder.Folder("bob"), "--Plugins:Files:MinFreeBytes=0");
        await ada.JoinAsync(server.Address);
        await bob.JoinAsync(server.Address);
        return new Ours(folder, server, ada, bob);
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
        string target = _folder.Folder($"to/{++_gets}");
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
        if (Directory.Exists(_folder["to"])) Directory.Delete(_folder["to"], recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Ada.DisposeAsync();
        await Bob.DisposeAsync();
        await Server.DisposeAsync();
    }
}
