using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Audio;

/// <summary>Debian's Janus with one plugin, asked for things over its Unix socket.</summary>
internal sealed class JanusProcess : IAsyncDisposable
{
    private const string Program = "/usr/bin/janus", Libraries = "/usr/lib/x86_64-linux-gnu/janus";

    private static readonly string[] Plugins =
        ["audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming", "textroom", "videocall", "videoroom", "voicemail"];

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly Socket _control = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly byte[] _answer = new byte[65_536];
    private readonly string _plugin;
    private long _session;

    private JanusProcess(string plugin, string configuration, IReadOnlyList<string> launcher)
    {
        _plugin = plugin;
        Configure(configuration);
        string[] command = [.. launcher, Program, "-F", _folder.Path, "-P", $"{Libraries}/plugins", "-d", "1", "-N", "-s", "0"];
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    public int Id => _process.Id;

    /// <summary>Installs it where it is missing; false when that does not work, and what to do is said.</summary>
    public static async Task<bool> IsThereAsync()
    {
        if (File.Exists(Program)) return true;
        try
        {
            using Process install = Process.Start(new ProcessStartInfo("apt-get", ["install", "-y", "-q", "--no-install-recommends", "janus"]) { RedirectStandardOutput = true })!;
            await install.StandardOutput.ReadToEndAsync();
            await install.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No apt-get here.
        }
        if (!File.Exists(Program)) Console.WriteLine("janus is not there; to compare with it: apt-get install janus");
        return File.Exists(Program);
    }

    /// <summary>Starts it.</summary>
    /// <param name="plugin">The plugin's short name: <c>audiobridge</c>.</param>
    /// <param name="configuration">Of that plugin.</param>
    /// <param name="launcher">A program that starts it in its own place.</param>
    public static async Task<JanusProcess> StartAsync(string plugin, string configuration, params IReadOnlyList<string> launcher)
    {
        // Now and then it hangs before it listens.
        for (int attempt = 1; ; attempt++)
        {
            var janus = new JanusProcess(plugin, configuration, launcher);
            try
            {
                await janus.ConnectAsync();
                janus._session = (long)janus.Ask(new() { ["janus"] = "create" }, "success")["data"]!["id"]!;
                return janus;
            }
            catch (OperationCanceledException) when (attempt < 4)
            {
                await janus.DisposeAsync();
            }
        }
    }

    /// <summary>A handle of the plugin.</summary>
    public long Attach() => (long)Ask(new() { ["janus"] = "attach", ["plugin"] = $"janus.plugin.{_plugin}" }, "success")["data"]!["id"]!;

    /// <summary>Asks the plugin; gives what it says: at once (<c>success</c>) or afterwards (<c>event</c>).</summary>
    public JsonNode Ask(long handle, JsonObject body, string answer) =>
        Ask(new() { ["janus"] = "message", ["handle_id"] = handle, ["body"] = body }, answer)["plugindata"]!["data"]!;

    // Events about others and acknowledgements come in between.
    private JsonNode Ask(JsonObject request, string answer)
    {
        string transaction = $"{Random.Shared.NextInt64()}";
        request["transaction"] = transaction;
        if (_session != 0) request["session_id"] = _session;
        _control.Send(Encoding.UTF8.GetBytes(request.ToJsonString()));
        while (true)
        {
            JsonNode heard = JsonNode.Parse(_answer.AsSpan(0, _control.Receive(_answer)))!;
            if ((string?)heard["janus"] == "error") throw new IOException($"Janus refuses: {heard["error"]?.ToJsonString()}");
            if ((string?)heard["transaction"] == transaction && (string?)heard["janus"] == answer) return heard;
        }
    }

    private void Configure(string configuration)
    {
        string others = string.Join(',', Plugins.Where(p => p != _plugin).Select(p => $"libjanus_{p}.so"));
        File.WriteAllText(_folder["janus.jcfg"], $$"""
            general: { configs_folder = "{{_folder.Path}}" plugins_folder = "{{Libraries}}/plugins" transports_folder = "{{Libraries}}/transports"
              events_folder = "{{_folder.Path}}" loggers_folder = "{{_folder.Path}}" debug_level = 1 interface = "127.0.0.1" }
            plugins: { disable = "{{others}}" }
            transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so,libjanus_websockets.so" }
            """);
        File.WriteAllText(_folder["janus.transport.pfunix.jcfg"], $$"""
            general: { enabled = true json = "compact" path = "{{_folder["api"]}}" type = "SOCK_SEQPACKET" }
            """);
        File.WriteAllText(_folder[$"janus.plugin.{_plugin}.jcfg"], configuration);
    }

    private async Task ConnectAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(8));
        while (true)
        {
            try
            {
                await _control.ConnectAsync(new UnixDomainSocketEndPoint(_folder["api"]), patience.Token);
                _control.ReceiveTimeout = 20_000;
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
