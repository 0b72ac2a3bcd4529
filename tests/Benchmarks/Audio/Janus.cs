using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// Debian's Janus with its AudioBridge: a room of 48 kHz at complexity 5, people as plain RTP participants, asked for over its Unix socket. It mixes
/// everybody and encodes for everybody; there is no encryption.
/// </summary>
internal sealed class Janus : IMixer
{
    private const long Room = 1;
    private const byte PayloadType = 100;
    private const int RtpHeader = 12;
    private static readonly byte[] Silence = [0xF8, 0xFF, 0xFE]; // of 20 ms, as Opus has it

    private readonly JanusProcess _process;
    private readonly Socket _socket;
    private readonly byte[] _packet = new byte[1500];
    private readonly List<SocketAddress> _ports = [];
    private readonly Dictionary<int, int> _persons = [];

    private Janus(JanusProcess process, Socket socket) => (_process, _socket) = (process, socket);

    public int ProcessId => _process.Id;

    public static async Task<IMixer> StartAsync(Socket socket, int people)
    {
        var janus = new Janus(await JanusProcess.StartAsync("audiobridge", """general: { local_ip = "127.0.0.1" }"""), socket);
        long first = janus._process.Attach();
        janus._process.Ask(first, new() { ["request"] = "create", ["room"] = Room, ["sampling_rate"] = 48000, ["allow_rtp_participants"] = true, ["default_bitrate"] = 32000 }, "success");
        for (int i = 0; i < people; i++) janus.Join(i, i == 0 ? first : janus._process.Attach());
        // Who has never sent anything is sent nothing.
        for (int i = 0; i < people; i++) janus.Send(i, uint.MaxValue, level: 127, Silence);
        return janus;
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

    private void Join(int person, long handle)
    {
        var rtp = new JsonObject { ["ip"] = "127.0.0.1", ["port"] = ((IPEndPoint)_socket.LocalEndPoint!).Port, ["payload_type"] = PayloadType };
        var body = new JsonObject { ["request"] = "join", ["room"] = Room, ["display"] = $"P{person}", ["rtp"] = rtp, ["quality"] = 5, ["bitrate"] = 32000, ["muted"] = false };
        JsonNode joined = _process.Ask(handle, body, "event");
        int port = (int?)joined["rtp"]?["port"] ?? throw new IOException($"Janus lets nobody join: {joined.ToJsonString()}");
        _ports.Add(new IPEndPoint(IPAddress.Loopback, port).Serialize());
        _persons[port] = person;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
