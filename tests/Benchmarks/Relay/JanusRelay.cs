using System.Globalization;
using System.Text.Json.Nodes;
using LanCollab.Benchmarks.Audio;

namespace LanCollab.Benchmarks.Relay;

/// <summary>
/// Debian's Janus as a forwarder of plain RTP, without encryption: its VideoRoom takes one "remote publisher" on a UDP port and sends what comes to each viewer's
/// port (<c>rtp_forward</c>).
/// </summary>
internal sealed class JanusRelay : IAsyncDisposable
{
    public const byte PayloadType = 96;

    /// <summary>The SSRC by which it knows the first stream.</summary>
    public const uint Source = 1000;

    private const long Room = 1, Publisher = 7;

    private readonly JanusProcess _process;

    private JanusRelay(JanusProcess process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>Where RTP goes to.</summary>
    public int Port { get; private set; }

    public static async Task<JanusRelay> StartAsync(IReadOnlyList<string> viewerPorts, IReadOnlyList<string> launcher)
    {
        var relay = new JanusRelay(await JanusProcess.StartAsync("videoroom", "general: { }", launcher));
        long handle = relay._process.Attach();
        relay.Ask(handle, new() { ["request"] = "create", ["room"] = Room, ["publishers"] = 10, ["videocodec"] = "vp8" });
        JsonArray streams = [new JsonObject { ["type"] = "video", ["mindex"] = 0, ["mid"] = "0", ["codec"] = "vp8" }];
        JsonNode added = relay.Ask(handle, new() { ["request"] = "add_remote_publisher", ["room"] = Room, ["id"] = Publisher, ["display"] = "S0", ["streams"] = streams });
        relay.Port = (int?)added["port"] ?? throw new IOException($"Janus takes no publisher: {added.ToJsonString()}");
        foreach (string port in viewerPorts) relay.Forward(handle, int.Parse(port, CultureInfo.InvariantCulture));
        return relay;
    }

    private void Forward(long handle, int port)
    {
        JsonArray streams = [new JsonObject { ["mid"] = "0", ["host"] = "127.0.0.1", ["port"] = port }];
        Ask(handle, new() { ["request"] = "rtp_forward", ["room"] = Room, ["publisher_id"] = Publisher, ["host"] = "127.0.0.1", ["streams"] = streams });
    }

    private JsonNode Ask(long handle, JsonObject body)
    {
        JsonNode answer = _process.Ask(handle, body, "success");
        return answer["error"] is { } error ? throw new IOException($"Janus refuses: {error}") : answer;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
