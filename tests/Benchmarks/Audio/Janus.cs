using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// Debian's Janus with its AudioBridge: a room of 48 kHz at complexity 5, people as plain RTP participants, asked for over its Unix socket. It mixes
/// everybody and encodes for everybody; there is no encryption.
/// </summary>
internal sealed class Janus : IMixer
{
    private const string Program = "/usr/bin/janus", Libraries = "/usr/lib/x86_64-linux-gnu/janus";
    private const long Room = 1;
    private const byte PayloadType = 100;
    private const int RtpHeader = 12;
    private static readonly byte[] Silence = [0xF8, 0xFF, 0xFE]; // of 20 ms, as Opus has it

    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly Socket _socket;
    private readonly Socket _control = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly byte[] _answer = new byte[65_536], _packet = new byte[1500];
    private readonly List<SocketAddress> _ports = [];
    private readonly Dictionary<int, int> _persons = [];
    private long _session;

    private Janus(Socket socket)
    {
        _socket = socket;
        Configure();
        var start = new ProcessStartInfo(Program, ["-F", _folder.Path, "-P", $"{Libraries}/plugins", "-d", "1", "-N", "-s", "0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
    }

    public int ProcessId => _process.Id;

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

    public static async Task<IMixer> StartAsync(Socket socket, int people)
    {
        Janus janus = await StartAsync(socket);
        janus._session = (long)janus.Ask(new() { ["janus"] = "create" }, "success")["data"]!["id"]!;
        long first = janus.Attach();
        janus.Ask(first, new() { ["request"] = "create", ["room"] = Room, ["sampling_rate"] = 48000, ["allow_rtp_participants"] = true, ["default_bitrate"] = 32000 }, "success");
        for (int i = 0; i < people; i++) janus.Join(i, i == 0 ? first : janus.Attach());
        // Who has never sent anything is sent nothing.
        for (int i = 0; i < people; i++) janus.Send(i, uint.MaxValue, level: 127, Silence);
        return janus;
    }

    // Now and then it hangs before it listens.
    private static async Task<Janus> StartAsync(Socket socket)
    {
        for (int attempt = 1; ; attempt++)
        {
            var janus = new Janus(socket);
            try
            {
                await janus.ConnectAsync();
                return janus;
            }
            catch (OperationCanceledException) when (attempt < 4)
            {
                await janus.DisposeAsync();
            }
        }
    }

    public void Send(int person, uint tick, byte level, ReadOnlySpan<byte> opus)
    {
        _packet[0] = 0x80;
        _packet[1] = PayloadType;
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), (ushort)tick);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), tick * 960);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(8), (uint)person + 1);
        opus.CopyTo(_packet.AsSpan(RtpHeader));
        _socket.SendTo(_packet.AsSpan(0, RtpHeader + opus.Length), SocketFlags.None, _ports[person]);
    }

    // Each participant has a port of its own at Janus.
    public int ReceiverOf(ReadOnlySpan<byte> datagram, ushort fromPort) => _persons.GetValueOrDefault(fromPort, -1);

    public Task<Beats> BeatsAsync() => Task.FromResult(default(Beats));

    private void Configure()
    {
        File.WriteAllText(_folder["janus.jcfg"], $$"""
            general: { configs_folder = "{{_folder.Path}}" plugins_folder = "{{Libraries}}/plugins" transports_folder = "{{Libraries}}/transports"
              events_folder = "{{_folder.Path}}" loggers_folder = "{{_folder.Path}}" debug_level = 1 interface = "127.0.0.1" }
            plugins: { disable = "libjanus_duktape.so,libjanus_lua.so,libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so" }
            transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so,libjanus_websockets.so" }
            """);
        File.WriteAllText(_folder["janus.transport.pfunix.jcfg"], $$"""
            general: { enabled = true json = "compact" path = "{{_folder["api"]}}" type = "SOCK_SEQPACKET" }
            """);
        File.WriteAllText(_folder["janus.plugin.audiobridge.jcfg"], """general: { local_ip = "127.0.0.1" }""");
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

    private long Attach() => (long)Ask(new() { ["janus"] = "attach", ["plugin"] = "janus.plugin.audiobridge" }, "success")["data"]!["id"]!;

    private void Join(int person, long handle)
    {
        var rtp = new JsonObject { ["ip"] = "127.0.0.1", ["port"] = ((IPEndPoint)_socket.LocalEndPoint!).Port, ["payload_type"] = PayloadType };
        var body = new JsonObject { ["request"] = "join", ["room"] = Room, ["display"] = $"P{person}", ["rtp"] = rtp, ["quality"] = 5, ["bitrate"] = 32000, ["muted"] = false };
        JsonNode joined = Ask(handle, body, "event")["plugindata"]!["data"]!;
        int port = (int?)joined["rtp"]?["port"] ?? throw new IOException($"Janus lets nobody join: {joined.ToJsonString()}");
        _ports.Add(new IPEndPoint(IPAddress.Loopback, port).Serialize());
        _persons[port] = person;
    }

    private JsonNode Ask(long handle, JsonObject body, string answer) => Ask(new() { ["janus"] = "message", ["handle_id"] = handle, ["body"] = body }, answer);

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

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
