using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using LanCollab.Host.Net;
using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Session;

namespace LanCollab.Benchmarks.Chat;

/// <summary>How one server is spoken to.</summary>
internal interface IChatWire
{
    /// <summary>Opens a connection that gets all lines; returns when the server has it on its list.</summary>
    Task<Stream> SubscribeAsync(int number, CancellationToken cancellationToken);

    /// <summary>Opens the sender's connection.</summary>
    Task<Stream> OpenSenderAsync(CancellationToken cancellationToken);

    LineCounter NewCounter();

    /// <summary>Writes one line to say at the front of a buffer; gives its size. The text's place is told for stamps.</summary>
    int Encode(Span<byte> target, long number, int lineBytes, out Range text);
}

/// <summary>
/// Waits for its socket on the calling thread. What .NET has once read asynchronously stays with .NET's own epoll, whoever reads it later: each delivery would wake that thread, too, which costs
/// the sender and this process as much as the delivery, and it would keep the reader from its core while lines come fast.
/// </summary>
internal sealed class OwnStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>From now on it is .NET's to read.</summary>
    public bool Shared { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Shared ? base.ReadAsync(buffer, cancellationToken) : new(Read(buffer.Span));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}

/// <summary>TLS whose socket may be read past it.</summary>
internal sealed class TlsStream(OwnStream inner) : SslStream(inner)
{
    public OwnStream Inner => inner;
}

/// <summary>What all have in common.</summary>
internal static class PlainSocket
{
    public static OwnStream Connect(IPEndPoint server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        return new OwnStream(socket);
    }

    /// <summary>With or without TLS; whoever answers is believed.</summary>
    public static async Task<Stream> ConnectAsync(IPEndPoint server, bool tls, CancellationToken cancellationToken)
    {
        OwnStream plain = Connect(server);
        if (!tls) return plain;
        var secure = new TlsStream(plain);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true }, cancellationToken);
        return secure;
    }

    /// <summary>Reads until these bytes have come.</summary>
    public static async Task ExpectAsync(this Stream stream, byte[] answer, CancellationToken cancellationToken)
    {
        var all = new List<byte>();
        byte[] one = new byte[1];
        while (all.Count < answer.Length || !all.TakeLast(answer.Length).SequenceEqual(answer))
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            all.Add(one[0]);
        }
    }
}

/// <summary>https://docs.nats.io/reference/reference-protocols/nats-protocol</summary>
internal sealed class NatsWire(IPEndPoint server) : IChatWire
{
    public async Task<Stream> SubscribeAsync(int number, CancellationToken cancellationToken)
    {
        Stream stream = await OpenSenderAsync(cancellationToken);
        await stream.WriteAsync("SUB room 1\r\nPING\r\n"u8.ToArray(), cancellationToken);
        await stream.ExpectAsync("PONG\r\n"u8.ToArray(), cancellationToken);
        return stream;
    }

    public async Task<Stream> OpenSenderAsync(CancellationToken cancellationToken)
    {
        Stream stream = PlainSocket.Connect(server);
        await stream.WriteAsync("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true}\r\nPING\r\n"u8.ToArray(), cancellationToken);
        await stream.ExpectAsync("PONG\r\n"u8.ToArray(), cancellationToken);
        return stream;
    }

    public LineCounter NewCounter() => new NatsCounter();

    public int Encode(Span<byte> target, long number, int lineBytes, out Range text)
    {
        int at = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PUB room {lineBytes}\r\n"), target);
        text = at..(at + lineBytes);
        target[text].Fill((byte)'x');
        "\r\n"u8.CopyTo(target[(at + lineBytes)..]);
        return at + lineBytes + 2;
    }
}

/// <summary>MQTT 3.1.1, quality of service 0: http://docs.oasis-open.org/mqtt/mqtt/v3.1.1/</summary>
internal sealed class MqttWire(IPEndPoint server, bool tls) : IChatWire
{
    private int _clients;

    public async Task<Stream> SubscribeAsync(int number, CancellationToken cancellationToken)
    {
        Stream stream = await OpenSenderAsync(cancellationToken);
        await stream.WriteAsync((byte[])[0x82, 9, 0, 1, 0, 4, .. "room"u8, 0], cancellationToken);
        await stream.ReadExactlyAsync(new byte[5], cancellationToken);
        return stream;
    }

    public async Task<Stream> OpenSenderAsync(CancellationToken cancellationToken)
    {
        byte[] id = Encoding.ASCII.GetBytes($"c{Interlocked.Increment(ref _clients)}");
        Stream stream = await PlainSocket.ConnectAsync(server, tls, cancellationToken);
        // Clean session, no keep-alive.
        await stream.WriteAsync((byte[])[0x10, (byte)(12 + id.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, (byte)id.Length, .. id], cancellationToken);
        await stream.ReadExactlyAsync(new byte[4], cancellationToken);
        return stream;
    }

    public LineCounter NewCounter() => new MqttCounter();

    public int Encode(Span<byte> target, long number, int lineBytes, out Range text)
    {
        int length = 2 + 4 + lineBytes;
        target[0] = 0x30;
        target[1] = (byte)(length & 0x7F | 0x80);
        target[2] = (byte)(length >> 7);
        BinaryPrimitives.WriteUInt16BigEndian(target[3..], 4);
        "room"u8.CopyTo(target[5..]);
        text = 9..(9 + lineBytes);
        target[text].Fill((byte)'x');
        return 9 + lineBytes;
    }
}

/// <summary>The real thing: each has a seat with its control channel and beats, and a chat channel.</summary>
/// <param name="server">Where seats are given.</param>
/// <param name="tls">Both channels.</param>
/// <param name="sit">Called with each seat's control channel, from then on to be read and to be sent <see cref="SignOfLife"/>.</param>
internal sealed class LanCollabWire(IPEndPoint server, bool tls, Action<Stream> sit) : IChatWire
{
    /// <summary>Bytes of a frame; the list of a thousand people is long.</summary>
    private const int FrameLimit = 4 * 1024 * 1024;

    private const int DeviceBytes = 32;

    /// <summary>A sign of life, ready to send.</summary>
    public static byte[] SignOfLife { get; } = Bytes(new Frame(FrameKind.Json, SessionProtocol.Messages.Encode(new Beat(), 2)));

    /// <summary>What a hub expects by default.</summary>
    public static TimeSpan BeatInterval { get; } = TimeSpan.FromSeconds(2);

    // One for each process: keys of lines are never used twice, over all runs with one server.
    private readonly string _run = Guid.NewGuid().ToString("n")[..8];

    public Task<Stream> SubscribeAsync(int number, CancellationToken cancellationToken) => OpenAsync($"R{number}", cancellationToken);

    public Task<Stream> OpenSenderAsync(CancellationToken cancellationToken) => OpenAsync("Sender", cancellationToken);

    public LineCounter NewCounter() => new FrameCounter();

    public int Encode(Span<byte> target, long number, int lineBytes, out Range text)
    {
        int at = FrameLayout.HeaderSize;
        at += Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"type\":\"chat/say\",\"id\":{number},\"body\":{{\"key\":\"{_run}-{number}\",\"text\":\""), target[at..]);
        text = at..(at + lineBytes);
        target[text].Fill((byte)'x');
        "\"}}"u8.CopyTo(target[(at + lineBytes)..]);
        int size = at + lineBytes + 3;
        FrameLayout.WriteHeader(target, (byte)FrameKind.Json, size - FrameLayout.HeaderSize);
        return size;
    }

    private async Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        Admission admission = await SitAsync(name, cancellationToken);
        int port = admission.Services.First(s => s.Name == ChatWire.Service).Port;
        Stream stream = await PlainSocket.ConnectAsync(new IPEndPoint(server.Address, port), tls, cancellationToken);
        await GreetAsync(stream, new Hello(Hello.CurrentVersion, ChatWire.Service, admission.Token), cancellationToken);
        // Its answer shows that the plugin has the channel on its list.
        await WriteAsync(stream, ChatWire.Messages.Encode(new History(Limit: 1), 0), cancellationToken);
        await AnswerAsync(stream, "ok", cancellationToken);
        return stream;
    }

    private async Task<Admission> SitAsync(string name, CancellationToken cancellationToken)
    {
        Stream stream = await PlainSocket.ConnectAsync(server, tls, cancellationToken);
        await GreetAsync(stream, new Hello(Hello.CurrentVersion, SessionProtocol.Service.Name), cancellationToken);
        string device = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(DeviceBytes));
        await WriteAsync(stream, SessionProtocol.Messages.Encode(new Enter("bench", name, device), 1), cancellationToken);
        Envelope entered = await AnswerAsync(stream, SessionProtocol.Messages.NameOf(typeof(Entered)), cancellationToken);
        sit(stream);
        return ((Entered)SessionProtocol.Messages.Decode(typeof(Entered), entered.Body.Span)).Admission;
    }

    private static async Task GreetAsync(Stream stream, Hello hello, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Bytes(HelloJson.Encode(hello)), cancellationToken);
        if (HelloJson.ReadWelcome(await ReadAsync(stream, cancellationToken)).Message is { } refusal) throw new IOException(refusal);
    }

    /// <summary>The next message of a type; what comes before it is of no interest.</summary>
    private static async Task<Envelope> AnswerAsync(Stream stream, string type, CancellationToken cancellationToken)
    {
        while (true)
        {
            Envelope answer = Envelope.Read((await ReadAsync(stream, cancellationToken)).Payload);
            if (answer.Type == type) return answer;
            if (answer.Type == "error") throw new IOException(Encoding.UTF8.GetString(answer.Body.Span));
        }
    }

    private static async Task<Frame> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] header = new byte[FrameLayout.HeaderSize];
        await stream.ReadExactlyAsync(header, cancellationToken);
        FrameLayout.TryReadHeader(header, FrameLimit, out byte kind, out int length);
        byte[] payload = new byte[length];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        return new Frame((FrameKind)kind, payload);
    }

    private static async Task WriteAsync(Stream stream, byte[] message, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Bytes(new Frame(FrameKind.Json, message)), cancellationToken);

    private static byte[] Bytes(Frame frame)
    {
        byte[] bytes = new byte[FrameLayout.HeaderSize + frame.Payload.Length];
        FrameLayout.WriteHeader(bytes, (byte)frame.Kind, frame.Payload.Length);
        frame.Payload.CopyTo(bytes.AsMemory(FrameLayout.HeaderSize));
        return bytes;
    }
}
