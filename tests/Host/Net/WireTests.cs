using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using LanCollab.Host.Configuration;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Discovery;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Host.Net;

/// <summary>The hub's listeners and a client's link, over real sockets and TLS on loopback.</summary>
public class WireTests : IAsyncLifetime
{
    private static readonly StreamService Door = new("door", 0) { Anonymous = true };

    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly AdmissionDesk _desk = new();
    private readonly Channel<IChannel> _opened = Channel.CreateUnbounded<IChannel>();
    private readonly Channel<byte[]> _datagrams = Channel.CreateUnbounded<byte[]>();
    private readonly List<StreamListener> _listeners = [];
    private ListenerShared _shared = null!;
    private DatagramServer _udp = null!;
    private IPEndPoint _door = null!, _echo = null!, _udpEndpoint = null!;
    private ClientLink _link = null!;

    private StreamService Echo => new("echo", 0) { MaxFrame = 1000, Reading = Reading };

    /// <summary>Who waits for what clients send.</summary>
    private protected virtual StreamReading Reading => StreamReading.Pooled;

    /// <summary>Who does TLS at both ends.</summary>
    private protected virtual ITls Tls => TlsLibraries.Default;

    private CancellationToken Patience { get; } = new CancellationTokenSource(Recorded<int>.Patience).Token;

    public ValueTask InitializeAsync()
    {
        _shared = new ListenerShared(ServerIdentity.LoadOrCreate(_folder.Path, TimeProvider.System), _desk, new HandshakeGate(64, 32), TimeProvider.System, NullLogger.Instance);
        _shared = _shared with { Handshake = Tls.Serve(_shared.Certificate, asksCallers: false) };
        _door = Listen(Door, HoldAsync);
        _echo = Listen(Echo, EchoAsync);
        _udp = new DatagramServer("test", new DatagramService("voice", 0), (peer, payload) => { _datagrams.Writer.TryWrite(payload.ToArray()); _udp.TrySend(peer, payload); }, _desk, NullLogger.Instance);
        _udpEndpoint = _udp.Bind(new IPEndPoint(IPAddress.Loopback, 0), "key");
        _udp.Start(_stop.Token);
        _desk.Services = [new("door", "tcp", _door.Port), new("echo", "tcp", _echo.Port), new("voice", "udp", _udpEndpoint.Port)];
        _link = NewLink(_folder.Path);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _link.StopAsync("end of test");
        await _stop.CancelAsync();
        await _udp.StopAsync();
        foreach (StreamListener listener in _listeners) await listener.StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_admitted_client_reaches_the_other_services_with_its_token()
    {
        (Peer peer, _) = await JoinAsync();
        await using FrameChannel channel = await _link.ConnectAsync("echo", 1000, Patience);
        await channel.SendAsync(new Frame(FrameKind.Binary, new byte[] { 1, 2, 3 }), Patience);
        Assert.Equal([1, 2, 3], (await channel.ReceiveAsync(Patience))!.Value.Payload.ToArray());
        Assert.Same(peer, (await OpenedAsync()).Peer);
    }

    [Fact]
    public async Task A_standing_stream_is_opened_again_after_it_broke_and_ends_with_the_admission()
    {
        var opened = Channel.CreateUnbounded<IChannel>();
        _link.AddStream("echo", 1000, async (channel, token) =>
        {
            opened.Writer.TryWrite(channel);
            while (await channel.ReceiveAsync(token) is not null) { }
        }, _ => { });
        (Peer peer, _) = await JoinAsync();
        IChannel first = await opened.Reader.ReadAsync(Patience);
        (await OpenedAsync()).Close("cut by the test");
        IChannel second = await opened.Reader.ReadAsync(Patience);
        Assert.NotSame(first, second);
        _desk.Revoke(peer, "out");
        _link.Drop("left");
        await _link.StopAsync("left");
        Assert.True(second.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_stream_that_was_taken_back_is_not_opened_at_a_join()
    {
        StandingStream gone = _link.AddStream("echo", 1000, (_, _) => throw new InvalidOperationException("opened"), _ => Assert.Fail("opened"));
        DatagramClient voice = _link.AddDatagrams("voice", _ => { });
        _link.Remove(gone);
        _link.Remove(voice);
        await JoinAsync();
        await _link.ReadyAsync(Patience);
        Assert.False(voice.TrySend([1]));
        Assert.True(gone.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task One_person_may_open_so_many_channels_and_no_more()
    {
        await JoinAsync();
        var open = new List<FrameChannel>();
        while (open.Count < Seat.MaxChannels) open.Add(await _link.ConnectAsync("echo", 1000, Patience));
        Assert.Equal("too-many-channels", (await Assert.ThrowsAsync<UserErrorException>(() => _link.ConnectAsync("echo", 1000, Patience))).Code);
        foreach (FrameChannel channel in open) await channel.DisposeAsync();
    }

    [Fact]
    public async Task Revoking_closes_every_channel_and_the_token_opens_nothing_any_more()
    {
        (Peer peer, _) = await JoinAsync();
        FrameChannel channel = await _link.ConnectAsync("echo", 1000, Patience);
        await OpenedAsync();
        _desk.Revoke(peer, "You were asked to leave.");
        Assert.Null(await channel.ReceiveAsync(Patience));
        Assert.Equal("You were asked to leave.", channel.Reason);
        Assert.Equal("bad-token", (await Assert.ThrowsAsync<UserErrorException>(() => _link.ConnectAsync("echo", 1000, Patience))).Code);
    }

    [Fact]
    public async Task Without_TLS_frames_travel_to_a_loopback_address_and_nowhere_else()
    {
        IPEndPoint plain = Listen(Door, EchoAsync, _shared with { Tls = false });
        var dialer = new Dialer(TimeProvider.System) { Handshake = null };
        (FrameChannel channel, string fingerprint) = await dialer.DialAsync(new ServerAddress("127.0.0.1", plain.Port), null, new Hello(1, "door"), 1000, Patience);
        await using (channel)
        {
            await channel.SendAsync(new Frame(FrameKind.Binary, new byte[] { 7 }), Patience);
            Assert.Equal([7], (await channel.ReceiveAsync(Patience))!.Value.Payload.ToArray());
        }
        Assert.Empty(fingerprint);
        Assert.True(Loopback.Is(IPAddress.Parse("::ffff:127.0.0.9")) && Loopback.Is(IPAddress.IPv6Loopback));
        Assert.False(Loopback.Is(IPAddress.Parse("192.168.1.5")) || Loopback.Is(IPAddress.Any));
        IPAddress? own = Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(a => !Loopback.Is(a));
        Assert.SkipWhen(own is null, "this machine has no address but loopback");
        StreamListener outside = new(new StreamMapping("test", Door, HoldAsync), _shared with { Tls = false }, _stop.Token);
        IPEndPoint there = outside.Bind(new IPEndPoint(own!, 0), "key");
        _listeners.Add(outside);
        var refused = await Assert.ThrowsAsync<UserErrorException>(() => dialer.DialAsync(new ServerAddress(own!.ToString(), there.Port), null, new Hello(1, "door"), 1000, Patience));
        Assert.Equal("unprotected", refused.Code);
    }

    [Fact]
    public async Task What_happens_on_a_service_is_counted()
    {
        StreamListener echo = _listeners[1];
        await JoinAsync();
        FrameChannel channel = await _link.ConnectAsync("echo", 1000, Patience);
        await channel.SendAsync(new Frame(FrameKind.Binary, new byte[100]), Patience);
        await channel.ReceiveAsync(Patience);
        Assert.Equal((1, 1, 0, 0), (echo.Tally.Channels.Value, echo.Tally.Accepted.Value, echo.Tally.Refused.Value, echo.Tally.Failed.Value));
        Assert.InRange(echo.Tally.BytesIn.Value, 105, 105 + FrameLimits.Hello);
        await Assert.ThrowsAsync<UserErrorException>(() => NewDialer().DialAsync(new ServerAddress("127.0.0.1", _echo.Port), null, new Hello(1, "echo", "AAAA"), 1000, Patience));
        using (var stranger = new TcpClient())
        {
            await stranger.ConnectAsync(_echo, Patience);
            await stranger.GetStream().WriteAsync("GET / HTTP/1.1"u8.ToArray(), Patience);
        }
        await channel.DisposeAsync();
        while ((echo.Tally.Channels.Value, echo.Tally.Refused.Value, echo.Tally.Failed.Value) != (0, 1, 1)) await Task.Delay(10, Patience);
        Assert.InRange(echo.Tally.BytesOut.Value, 105, 3 * FrameLimits.Hello);
    }

    [Fact]
    public async Task Five_hundred_who_come_at_once_from_one_address_all_come_in()
    {
        int most = 500;
        var dialer = NewDialer();
        FrameChannel[] all = await Task.WhenAll(Enumerable.Range(0, most).Select(async _ =>
            (await dialer.DialAsync(new ServerAddress("127.0.0.1", _door.Port), null, new Hello(1, "door"), 1000, Patience)).Channel));
        Assert.Equal(most, _listeners[0].Tally.Accepted.Value);
        await Task.WhenAll(all.Select(c => c.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_forged_token_another_version_and_another_service_each_get_a_sentence()
    {
        var dialer = NewDialer();
        async Task<string> CodeAsync(Hello hello) => (await Assert.ThrowsAsync<UserErrorException>(
            () => dialer.DialAsync(new ServerAddress("127.0.0.1", _echo.Port), null, hello, 1000, Patience))).Code;
        Assert.Equal("bad-token", await CodeAsync(new Hello(1, "echo", "AAAA")));
        Assert.Equal("bad-token", await CodeAsync(new Hello(1, "echo")));
        Assert.Equal("version", await CodeAsync(new Hello(2, "echo")));
        Assert.Equal("wrong-service", await CodeAsync(new Hello(1, "other")));
    }

    [Fact]
    public async Task A_too_long_frame_closes_that_channel_with_both_numbers_and_no_other()
    {
        await JoinAsync();
        await using FrameChannel good = await _link.ConnectAsync("echo", 1000, Patience), bad = await _link.ConnectAsync("echo", 1000, Patience);
        await bad.SendAsync(new Frame(FrameKind.Binary, new byte[1001]), Patience);
        Assert.Null(await bad.ReceiveAsync(Patience));
        Assert.Contains("1001", bad.Reason);
        Assert.Contains("1000", bad.Reason);
        await good.SendAsync(new Frame(FrameKind.Binary, new byte[1000]), Patience);
        Assert.Equal(1000, (await good.ReceiveAsync(Patience))!.Value.Payload.Length);
    }

    [Fact]
    public async Task A_handler_goes_on_where_its_service_says()
    {
        IPEndPoint tells = Listen(Echo, async (channel, token) =>
        {
            while (await channel.ReceiveAsync(token).ConfigureAwait(false) is not null)
                await channel.SendAsync(new Frame(FrameKind.Binary, new[] { (byte)(Thread.CurrentThread.IsThreadPoolThread ? 1 : 0) }), token).ConfigureAwait(false);
        });
        _desk.Services = [.. _desk.Services.Where(service => service.Name != "echo"), new("echo", "tcp", tells.Port)];
        await JoinAsync();
        await using FrameChannel channel = await _link.ConnectAsync("echo", 1000, Patience);
        if (ReadyLoop.For(Reading) is null) for (int i = 0; i < 20; i++) Assert.True(await IsPooledAsync());
        // What has come before it was waited for is handled where that was noticed.
        else while (await IsPooledAsync()) Patience.ThrowIfCancellationRequested();

        async Task<bool> IsPooledAsync()
        {
            await channel.SendAsync(new Frame(FrameKind.Binary, new byte[1]), Patience);
            return (await channel.ReceiveAsync(Patience))!.Value.Payload.Span[0] == 1;
        }
    }

    [Fact]
    public async Task Garbage_on_many_sockets_hurts_nobody()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(_echo, Patience);
            byte[] garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            await socket.GetStream().WriteAsync(garbage, Patience);
        }
        await JoinAsync();
        await using FrameChannel channel = await _link.ConnectAsync("echo", 1000, Patience);
    }

    [Fact]
    public async Task JSON_that_is_none_as_first_frame_ends_only_that_connection()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_echo, Patience);
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("x");
        await tls.WriteAsync(FrameReaderTests.Frame(0, "not json"u8.ToArray()), Patience);
        var reader = new FrameReader(tls, FrameLimits.Hello);
        Assert.Equal(FrameLayout.Close, (await reader.ReadAsync(Patience))!.Value.Kind);
        await JoinAsync();
    }

    [Fact]
    public async Task A_join_link_opens_the_door_of_the_server_it_was_made_for_and_no_other()
    {
        var address = new ServerAddress("127.0.0.1", _door.Port);
        using var fresh = new TempFolder();
        string right = ServerIdentity.Fingerprint(_shared.Certificate), wrong = new('0', 64);
        Assert.Equal("wrong-server", await RefusalAsync(NewLink(fresh.Path), new JoinLink(address, wrong)));
        Assert.Empty(new KnownServers(fresh.Path, NullLogger.Instance).All);
        await using (await NewLink(fresh.Path).DialAsync(new JoinLink(address, right).ToString(), Door, Patience)) { }
        Assert.Equal(new KnownServer(address.ToString(), right), new KnownServers(fresh.Path, NullLogger.Instance).All.Single());
        // The pin stands: a link that says otherwise is refused without a dial.
        Assert.Equal("server-changed", await RefusalAsync(NewLink(fresh.Path), new JoinLink(address, wrong)));
        Assert.Equal(right, new KnownServers(fresh.Path, NullLogger.Instance).FingerprintOf(address.ToString()));
    }

    private async Task<string> RefusalAsync(ClientLink link, JoinLink to) =>
        (await Assert.ThrowsAsync<UserErrorException>(() => link.DialAsync(to.ToString(), Door, Patience))).Code;

    [Fact]
    public async Task A_certificate_other_than_the_pinned_one_is_refused_before_a_byte_of_ours_is_sent()
    {
        new KnownServers(_folder.Path, NullLogger.Instance).Use($"127.0.0.1:{_door.Port}", new string('0', 64));
        ClientLink link = NewLink(_folder.Path);
        Assert.Equal("server-changed", (await Assert.ThrowsAsync<UserErrorException>(() => link.DialAsync($"127.0.0.1:{_door.Port}", Door, Patience))).Code);
        Assert.False(_opened.Reader.TryRead(out _));
    }

    [Fact]
    public async Task An_address_where_nobody_listens_gets_a_sentence_with_the_address()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string address = taken.LocalEndPoint!.ToString()!;
        var error = await Assert.ThrowsAsync<UserErrorException>(() => _link.DialAsync(address, Door, Patience));
        Assert.Equal("unreachable", error.Code);
        Assert.Contains(address, error.Message);
    }

    [Fact]
    public async Task Datagrams_go_both_ways_once_admitted_and_strangers_get_no_answer()
    {
        var back = Channel.CreateUnbounded<byte[]>();
        DatagramClient client = _link.AddDatagrams("voice", payload => back.Writer.TryWrite(payload.ToArray()));
        Assert.False(client.TrySend([1]));
        await JoinAsync();
        while (!client.Reachable) await Task.Yield();
        Assert.NotNull(client.RoundTrip);
        Assert.True(client.TrySend([1, 2, 3]));
        Assert.Equal([1, 2, 3], await _datagrams.Reader.ReadAsync(Patience));
        Assert.Equal([1, 2, 3], await back.Reader.ReadAsync(Patience));

        using var stranger = UdpSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        for (int length = 0; length < 200; length++) stranger.SendTo(new byte[length], _udpEndpoint);
        // The stranger's packets were queued before this one: when it is echoed, they have been dealt with.
        Assert.True(client.TrySend([4]));
        Assert.Equal([4], await back.Reader.ReadAsync(Patience));
        Assert.Equal(0, stranger.Available);
    }

    [Fact]
    public void A_port_in_use_is_named_with_its_key()
    {
        var second = new StreamListener(new StreamMapping("test", Echo, HoldAsync), _shared, _stop.Token);
        var error = Assert.Throws<PortInUseException>(() => second.Bind(_echo, "Plugins:Test:Port"));
        Assert.Contains($"{_echo.Port}", error.Message);
        Assert.Contains("Plugins:Test:Port", error.Message);
    }

    private async Task<(Peer OnHub, Admission Admission)> JoinAsync()
    {
        IChannel dialled = await _link.DialAsync($"127.0.0.1:{_door.Port}", Door, Patience);
        await OpenedAsync();
        var peer = new Peer("1", "Ann", "R");
        Admission admission = _desk.Admit(peer);
        _link.Establish(dialled, new Peer("1", "Ann", "R"), admission);
        return (peer, admission);
    }

    private ValueTask<IChannel> OpenedAsync() => _opened.Reader.ReadAsync(Patience);

    private IPEndPoint Listen(StreamService service, Func<IChannel, CancellationToken, Task> handler, ListenerShared? shared = null)
    {
        var listener = new StreamListener(new StreamMapping("test", service, (channel, token) => { _opened.Writer.TryWrite(channel); return handler(channel, token); }), shared ?? _shared, _stop.Token);
        IPEndPoint endpoint = listener.Bind(new IPEndPoint(IPAddress.Loopback, 0), "key");
        listener.Start();
        _listeners.Add(listener);
        return endpoint;
    }

    private static async Task HoldAsync(IChannel channel, CancellationToken token)
    {
        while (await channel.ReceiveAsync(token) is not null) { }
    }

    private static async Task EchoAsync(IChannel channel, CancellationToken token)
    {
        while (await channel.ReceiveAsync(token) is { } frame) await channel.SendAsync(new Frame(frame.Kind, frame.Payload.ToArray()), token);
    }

    private Dialer NewDialer() => new(TimeProvider.System) { Handshake = Tls.Call(shown: null) };

    private ClientLink NewLink(string folder)
    {
        var (options, known) = (new ClientOptions(), new KnownServers(folder, NullLogger.Instance));
        var choice = new ServerChoice(options, known, new NoFinder(), Task.CompletedTask);
        return new ClientLink(options, choice, known, NewDialer(), TimeProvider.System, NullLogger.Instance);
    }
}

/// <summary>The same with .NET's own TLS, which is what there is where OpenSSL 3 is not.</summary>
public sealed class WireOverRuntimeTests : WireTests
{
    private protected override ITls Tls => RuntimeTls.Instance;
}

/// <summary>The same for a service whose messages are waited for by the hub's own loop, where there is one.</summary>
public sealed class PromptWireTests : WireTests
{
    private protected override StreamReading Reading => StreamReading.Prompt;
}

/// <inheritdoc cref="PromptWireTests"/>
public sealed class PromptWireOverRuntimeTests : WireTests
{
    private protected override ITls Tls => RuntimeTls.Instance;

    private protected override StreamReading Reading => StreamReading.Prompt;
}

/// <summary>The same for a service to which much is sent.</summary>
public sealed class BulkWireTests : WireTests
{
    private protected override StreamReading Reading => StreamReading.Bulk;
}

/// <inheritdoc cref="BulkWireTests"/>
public sealed class BulkWireOverRuntimeTests : WireTests
{
    private protected override ITls Tls => RuntimeTls.Instance;

    private protected override StreamReading Reading => StreamReading.Bulk;
}
