using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Net.Tls;

/// <summary>What holds whoever does TLS at either end, OpenSSL directly or .NET.</summary>
public class TlsTests
{
    public static TheoryData<string, string> Everybody => TlsPair.Everybody;

    private CancellationToken Patience { get; } = new CancellationTokenSource(Recorded<int>.Patience).Token;

    [Theory, MemberData(nameof(Everybody))]
    public async Task What_is_written_is_read_both_ways_at_once_in_whatever_pieces(string server, string client)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        for (int round = 0; round < 12; round++)
        {
            await using TlsPair pair = await TlsPair.OpenAsync(server, client, Patience);
            byte[] up = Content(seed + round, 1 << (8 + round)), down = Content(seed - round, 3 << (8 + round));
            Task writing = Task.WhenAll(WriteAsync(pair.Client, up, seed + round), WriteAsync(pair.Server, down, seed + round + 1));
            byte[][] read = await Task.WhenAll(ReadAsync(pair.Server, up.Length, seed + round), ReadAsync(pair.Client, down.Length, seed + round + 1));
            await writing;
            Assert.Equal(up, read[0]);
            Assert.Equal(down, read[1]);
        }
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task Single_bytes_go_through_one_by_one(string server, string client)
    {
        await using TlsPair pair = await TlsPair.OpenAsync(server, client, Patience);
        byte[] one = new byte[1];
        for (int i = 0; i < 300; i++)
        {
            await pair.Client.Stream.WriteAsync((byte[])[(byte)i], Patience);
            Assert.Equal(1, await pair.Server.Stream.ReadAsync(one, Patience));
            Assert.Equal((byte)i, one[0]);
        }
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task A_caller_knows_the_hub_by_its_certificate(string server, string client)
    {
        await using TlsPair pair = await TlsPair.OpenAsync(server, client, Patience);
        Assert.Equal(ServerIdentity.Fingerprint(TlsPair.Certificate), pair.Client.Fingerprint);
        Assert.Null(pair.Server.Fingerprint);
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task Callers_that_are_asked_are_known_by_theirs_each_time_anew(string server, string client)
    {
        using X509Certificate2 mine = ServerIdentity.CreateForThisRun(TimeProvider.System);
        ITlsServer hub = TlsPair.By(server).Serve(TlsPair.Certificate, asksCallers: true);
        ITlsClient caller = TlsPair.By(client).Call(mine);
        for (int i = 0; i < 3; i++)
        {
            await using TlsPair pair = await TlsPair.OpenAsync(hub, caller, Patience);
            Assert.Equal(ServerIdentity.Fingerprint(mine), pair.Server.Fingerprint);
            await pair.Server.Stream.WriteAsync((byte[])[1], Patience);
            Assert.Equal(1, await pair.Client.Stream.ReadAsync(new byte[1], Patience));
        }
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task A_caller_that_is_asked_and_shows_nothing_is_not_let_in(string server, string client)
    {
        (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
        using (near)
        using (far)
        {
            Task<Secured> calling = TlsPair.By(client).Call(shown: null).ConnectAsync(far, "hub.test", _ => true, Patience);
            Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => TlsPair.By(server).Serve(TlsPair.Certificate, asksCallers: true).AcceptAsync(new PromptStream(near), Patience));
            Assert.True(refused is AuthenticationException or IOException, refused.ToString());
            // In TLS 1.3 the caller's handshake is over before it is refused.
            Exception? told = await Record.ExceptionAsync(async () => await (await calling).Stream.ReadExactlyAsync(new byte[1], Patience));
            Assert.True(told is AuthenticationException or IOException, told?.ToString());
        }
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task A_hub_that_is_not_trusted_gets_nothing_but_an_end(string server, string client)
    {
        (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
        string? asked = null;
        Task<Secured> accepting = TlsPair.By(server).Serve(TlsPair.Certificate, asksCallers: false).AcceptAsync(new PromptStream(near), Patience);
        await Assert.ThrowsAsync<AuthenticationException>(() => TlsPair.By(client).Call(shown: null).ConnectAsync(far, "hub.test", shown => { asked = shown; return false; }, Patience));
        Assert.Equal(ServerIdentity.Fingerprint(TlsPair.Certificate), asked);
        int read = -1;
        Exception? told = await Record.ExceptionAsync(async () => read = await (await accepting).Stream.ReadAsync(new byte[1], Patience));
        Assert.True(read == 0 || told is AuthenticationException or IOException, $"{read} {told}");
        near.Dispose();
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task Who_ends_is_seen_to_end_and_what_came_before_is_read(string server, string client)
    {
        await using TlsPair pair = await TlsPair.OpenAsync(server, client, Patience);
        await pair.Client.Stream.WriteAsync(new byte[1000], Patience);
        await pair.Client.Stream.DisposeAsync();
        await pair.Server.Stream.ReadExactlyAsync(new byte[1000], Patience);
        Assert.Equal(0, await pair.Server.Stream.ReadAsync(new byte[1], Patience));
        Assert.Equal(0, await pair.Server.Stream.ReadAsync(new byte[1], Patience));
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task Garbage_instead_of_a_handshake_ends_in_a_sentence_at_either_end(string server, string client)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        ITlsServer hub = TlsPair.By(server).Serve(TlsPair.Certificate, asksCallers: false);
        ITlsClient caller = TlsPair.By(client).Call(shown: null);
        for (int i = 0; i < 60; i++)
        {
            byte[] garbage = new byte[random.Next(1, 3000)];
            random.NextBytes(garbage);
            // Half of it looks like a record of a handshake at first.
            if (i % 2 == 0) ((byte[])[22, 3, 1, 0, 200]).AsSpan(0, Math.Min(5, garbage.Length)).CopyTo(garbage);
            await FailAsync(garbage, socket => hub.AcceptAsync(new PromptStream(socket), Patience));
            await FailAsync(garbage, socket => caller.ConnectAsync(socket, "hub.test", _ => true, Patience));
        }
    }

    [Theory, MemberData(nameof(Everybody))]
    public async Task A_handshake_that_never_comes_ends_when_its_time_is_over(string server, string client)
    {
        (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
        using var limit = new CancellationTokenSource();
        Task<Secured> accepting = TlsPair.By(server).Serve(TlsPair.Certificate, asksCallers: false).AcceptAsync(new PromptStream(near), limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
        // The accepted end is closed: the caller's handshake comes to nothing.
        Exception? told = await Record.ExceptionAsync(() => TlsPair.By(client).Call(shown: null).ConnectAsync(far, "hub.test", _ => true, Patience));
        Assert.True(told is AuthenticationException or IOException, told?.ToString());
    }

    private async Task FailAsync(byte[] garbage, Func<Socket, Task<Secured>> handshake)
    {
        (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
        using (far)
        {
            await far.SendAsync(garbage, Patience);
            far.Shutdown(SocketShutdown.Send);
            Exception error = await Assert.ThrowsAnyAsync<Exception>(() => handshake(near));
            Assert.True(error is AuthenticationException or IOException, error.ToString());
            Assert.NotEmpty(error.Message);
        }
    }

    private static byte[] Content(int seed, int length)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private async Task WriteAsync(Secured to, ReadOnlyMemory<byte> content, int seed)
    {
        var random = new Random(seed);
        while (!content.IsEmpty)
        {
            bool gathers = random.Next(3) == 0;
            if (gathers) to.LongFrames.Gather();
            for (int pieces = random.Next(1, 5); pieces > 0 && !content.IsEmpty; pieces--)
            {
                int count = Math.Min(content.Length, random.Next(4) == 0 ? random.Next(1, 600_000) : random.Next(1, 3000));
                await to.Stream.WriteAsync(content[..count], Patience);
                content = content[count..];
            }
            if (gathers) await to.LongFrames.ReleaseAsync(Patience);
        }
    }

    private async Task<byte[]> ReadAsync(Secured from, int length, int seed)
    {
        var random = new Random(seed);
        byte[] content = new byte[length];
        for (int read = 0; read < length;)
        {
            from.LongFrames.ReadsAhead = random.Next(2) == 0;
            if (random.Next(8) == 0) Assert.Equal(0, await from.Stream.ReadAsync(Memory<byte>.Empty, Patience));
            int room = Math.Min(length - read, random.Next(4) == 0 ? random.Next(1, 600_000) : random.Next(1, 3000));
            int count = await from.Stream.ReadAsync(content.AsMemory(read, room), Patience);
            Assert.True(count > 0);
            read += count;
        }
        return content;
    }
}
