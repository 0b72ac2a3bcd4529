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
    private readonly bool _hashed, _direct;

    private Bare(TempFolder folder, LoadProcess hub, LoadProcess client, bool hashed, bool direct) => (_folder, _hub, _client, _hashed, _direct) = (folder, hub, client, hashed, direct);

    public string Name => NameOf(_hashed, _direct);

    public TimeSpan Cpu => ProcessFacts.Cpu(_hub.Id) + ProcessFacts.Cpu(_client.Id);

    /// <summary>The contender's name, with hashes or without, over SslStream or over OpenSSL directly (<see cref="BareOpenSsl"/>).</summary>
    public static string NameOf(bool hashed, bool direct = false) => (hashed, direct) switch
    {
        (false, false) => "bare",
        (true, false) => "bareHashed",
        (false, true) => "bareOpenSsl",
        (true, true) => "bareOpenSslHashed",
    };

    /// <summary>Starts both ends.</summary>
    public static async Task<Bare> StartAsync(TempFolder folder, bool hashed, bool direct = false)
    {
        string name = NameOf(hashed, direct), over = direct ? "openssl" : "sslstream";
        LoadProcess hub = await LoadProcess.StartAsync(AsTheHost, "files-bare", folder.Folder($"{name}/store"), over);
        return new Bare(folder, hub, await LoadProcess.StartAsync(AsTheHost, "files-bare", folder.Folder($"{name}/to"), over), hashed, direct);
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

    private Task RunAsync(string what, Workload workload) => _client.AskAsync($"{what} {_hub.Ready[0]} {_hashed} {string.Join(' ', workload.Paths)}", "done");

    private void Clear(string folder)
    {
        foreach (string path in Directory.GetFiles(_folder[$"{Name}/{folder}"])) File.Delete(path);
    }
}
