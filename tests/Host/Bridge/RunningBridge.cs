using System.Text;
using System.Text.Json.Serialization;
using LanCollab.Host.Bridge;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.Host.Bridge;

/// <summary>The real bridge on a free loopback port, with a plugin <c>probe</c> whose handlers the test sets.</summary>
public sealed class RunningBridge : IAsyncDisposable
{
    /// <summary>The key of all these bridges.</summary>
    public const string Key = "the-key-of-the-tests";

    private readonly TempFolder _folder = new();

    private RunningBridge()
    {
        File.WriteAllText(_folder["ui/index.html"], "<!doctype html><title>shell</title>");
        File.WriteAllText(_folder["ui/shell.js"], "export {};");
        File.WriteAllText(_folder["ui/types.d.ts"], "not served");
        File.WriteAllText(_folder["secret.js"], "not below ui");
        Server = new BridgeServer(new BridgeOptions(0, _folder.Folder("ui")) { Key = Key }, Log, TimeProvider.System);
        Probe = Server.For("probe", Messages, fault => Faults.Add(fault));
        Server.AddPlugin(new PagePlugin("probe", 10, PagePlugin.Running, null, OpenUi));
    }

    internal static MessageSet Messages { get; } =
        MessageSet.Of([typeof(Ask), typeof(Answer), typeof(News)], new ProbeJson(new(MessageSet.WireOptions)));

    /// <summary>The bridge.</summary>
    public BridgeServer Server { get; }

    /// <summary>The plugin's part.</summary>
    public IBridge Probe { get; }

    /// <summary>What the plugin was said to have done wrong.</summary>
    public Recorded<Exception> Faults { get; } = new("a fault of the plugin");

    /// <summary>The log.</summary>
    public TestLog Log { get; } = new();

    /// <summary>The address with the key.</summary>
    public Uri Address { get; private set; } = new("about:blank");

    /// <summary>The port.</summary>
    public int Port => Address.Port;

    /// <summary>Starts one.</summary>
    /// <param name="register">Sets the plugin's handlers.</param>
    public static async Task<RunningBridge> StartAsync(Action<RunningBridge>? register = null)
    {
        var bridge = new RunningBridge();
        register?.Invoke(bridge);
        bridge.Address = await bridge.Server.StartAsync(CancellationToken.None);
        return bridge;
    }

    /// <summary>A script on the bridge.</summary>
    public Task<BridgeClient> ConnectAsync() => BridgeClient.ConnectAsync(Address.ToString());

    /// <summary>An HTTP client without a key, a cookie or redirects.</summary>
    public HttpClient Stranger() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{Port}") };

    /// <summary>An HTTP client with the key.</summary>
    public HttpClient Script()
    {
        HttpClient client = Stranger();
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return client;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static Stream? OpenUi(string path) => path switch
    {
        "probe.js" => new MemoryStream(Encoding.UTF8.GetBytes("export function mount() {}")),
        "parts/one.svg" => new MemoryStream("<svg/>"u8.ToArray()),
        "core.wasm" => new MemoryStream([0, 0x61, 0x73, 0x6d]),
        "notes.txt" => new MemoryStream([1]),
        _ => null,
    };
}

[Message("probe/ask")] internal sealed record Ask(string What);

[Message("probe/answer")] internal sealed record Answer(string That);

[Message("probe/news")] internal sealed record News(int Number);

[JsonSerializable(typeof(Ask))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(News))]
internal sealed partial class ProbeJson : JsonSerializerContext;
