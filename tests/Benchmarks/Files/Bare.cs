using LanCollab.Benchmarks.Relay;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// What .NET itself takes: two processes of <see cref="BareEnd"/>, TLS and files and nothing else. Without hashes it tells what SslStream costs beside nginx and curl; with those of
/// this program's protocol it is as fast as this program can get.
/// </summary>
internal sealed class Bare : IContender
{
    /// <summary>Compiled as the Host is (Host.csproj).</summary>
    private static readonly string[] AsTheHost = ["env", "DOTNET_TieredPGO=0", "DOTNET_TC_CallCountingDelayMs=10"];

    private readonly TempFolder _folder;
    private readonly LoadProcess _hub, _client;
    private readonly BareKind _kind;

    private Bare(TempFolder folder, LoadProcess hub, LoadProcess client, BareKind kind) => (_folder, _hub, _client, _kind) = (folder, hub, client, kind);

    public string Name => _kind.Name;

    public TimeSpan Cpu => ProcessFacts.Cpu(_hub.Id) + ProcessFacts.Cpu(_client.Id);

    /// <summary>Some of them, which end together.</summary>
    internal sealed class Several : List<Bare>, IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (Bare one in this) await one.DisposeAsync();
        }
    }

    /// <summary>Starts both ends.</summary>
    public static async Task<Bare> StartAsync(TempFolder folder, BareKind kind)
    {
        string over = kind.Direct ? "openssl" : "sslstream";
        LoadProcess hub = await LoadProcess.StartAsync(AsTheHost, "files-bare", folder.Folder($"{kind.Name}/store"), over);
        return new Bare(folder, hub, await LoadProcess.StartAsync(AsTheHost, "files-bare", folder.Folder($"{kind.Name}/to"), over), kind);
    }

    public Task PutAsync(Workload workload) => RunAsync("put", workload);

    public Task GetAsync(Workload workload) => RunAsync("get", workload);

    public Task ClearAsync(Workload workload)
    {
        Clear("store");
        ClearReceived();
        return Task.CompletedTask;
    }

    public void ClearReceived() => Clear("to");

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _hub.DisposeAsync();
    }

    private Task RunAsync(string what, Workload workload) => _client.AskAsync($"{what} {_hub.Ready[0]} {_kind.Work} {string.Join(' ', workload.Paths)}", "done");

    private void Clear(string folder)
    {
        foreach (string path in Directory.GetFiles(_folder[$"{Name}/{folder}"])) File.Delete(path);
    }
}
