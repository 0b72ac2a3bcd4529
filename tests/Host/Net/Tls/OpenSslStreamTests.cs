using System.Net.Security;
using System.Net.Sockets;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Net.Tls;

/// <summary>OpenSSL over sockets: ends of every kind at every moment.</summary>
public class OpenSslStreamTests
{
    public OpenSslStreamTests() => Assert.SkipUnless(OpenSslTls.IsSupported, "OpenSSL 3 is not here.");

    private CancellationToken Patience { get; } = new CancellationTokenSource(Recorded<int>.Patience).Token;

    [Fact]
    public async Task A_hub_takes_aes_with_128_bits_whatever_its_callers_would_like_more()
    {
        await using TlsPair pair = await TlsPair.OpenAsync("OpenSsl", "Runtime", Patience);
        Assert.Equal(TlsCipherSuite.TLS_AES_128_GCM_SHA256, Assert.IsType<SslStream>(pair.Client.Stream).NegotiatedCipherSuite);
    }

    [Fact]
    public async Task Disposal_at_any_moment_ends_reads_and_writes_and_nothing_else()
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            TlsPair pair = await TlsPair.OpenAsync("OpenSsl", i % 2 == 0 ? "OpenSsl" : "Runtime", Patience);
            var moved = new SemaphoreSlim(0);
            Task[] work = [WriteAsync(pair.Server.Stream), ReadAsync(pair.Server.Stream, moved), WriteAsync(pair.Client.Stream), ReadAsync(pair.Client.Stream, moved)];
            for (int pieces = random.Next(60); pieces > 0; pieces--) await moved.WaitAsync(Patience);
            await Task.WhenAll(Task.Run(() => pair.Server.Stream.Dispose(), Patience), Task.Run(() => pair.Server.Stream.Dispose(), Patience));
            await Task.WhenAll(work[0], work[1]).WaitAsync(Patience);
            await pair.DisposeAsync();
            await Task.WhenAll(work).WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task A_handshake_is_disposed_of_at_any_moment()
    {
        for (int i = 0; i < 60; i++)
        {
            (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
            using var limit = new CancellationTokenSource();
            Task<Secured> accepting = TlsPair.By("OpenSsl").Serve(TlsPair.Certificate, asksCallers: false).AcceptAsync(new PromptStream(near), limit.Token);
            Task<Secured> calling = TlsPair.By("OpenSsl").Call(shown: null).ConnectAsync(far, "hub.test", _ => true, Patience);
            if (i % 3 == 0) await Task.Yield();
            if (i % 2 == 0) await limit.CancelAsync();
            else near.Dispose();
            foreach (Task<Secured> one in (Task<Secured>[])[accepting, calling])
            {
                Exception? error = await Record.ExceptionAsync(() => one);
                Assert.True(error is null or IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException, error?.ToString());
                if (error is null) await (await one).Stream.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_write_that_is_given_up_ends_the_writing()
    {
        await using TlsPair pair = await TlsPair.OpenAsync("OpenSsl", "OpenSsl", Patience);
        using var limit = new CancellationTokenSource();
        // More than a socket takes while nobody reads.
        Task writing = pair.Server.Stream.WriteAsync(new byte[64 << 20], limit.Token).AsTask();
        await pair.Client.Stream.ReadExactlyAsync(new byte[1 << 20], Patience);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        await Assert.ThrowsAsync<IOException>(async () => await pair.Server.Stream.WriteAsync(new byte[1], Patience));
    }

    [Fact]
    public async Task A_read_that_is_given_up_loses_nothing()
    {
        await using TlsPair pair = await TlsPair.OpenAsync("OpenSsl", "OpenSsl", Patience);
        foreach (bool ahead in (bool[])[false, true])
        {
            using var limit = new CancellationTokenSource();
            pair.Client.LongFrames.ReadsAhead = ahead;
            ValueTask<int> reading = pair.Client.Stream.ReadAsync(new byte[10], limit.Token);
            await limit.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
            await pair.Server.Stream.WriteAsync((byte[])[1, 2, 3], Patience);
            byte[] read = new byte[3];
            await pair.Client.Stream.ReadExactlyAsync(read, Patience);
            Assert.Equal([1, 2, 3], read);
        }
    }

    [Fact]
    public async Task Somebody_who_does_not_read_is_not_waited_for_at_the_end()
    {
        TlsPair pair = await TlsPair.OpenAsync("OpenSsl", "OpenSsl", Patience);
        Task writing = pair.Server.Stream.WriteAsync(new byte[64 << 20], Patience).AsTask();
        Assert.False(writing.IsCompleted);
        pair.Server.Stream.Dispose();
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => writing);
        Assert.True(error is IOException or ObjectDisposedException, error.ToString());
        await pair.DisposeAsync();
    }

    [Fact]
    public async Task A_record_that_is_cut_is_told_apart_from_an_end()
    {
        for (int cut = 1; cut <= 5 + 100 + 1 + 16; cut += 11)
        {
            (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
            (Socket relayNear, Socket relayFar) = await TlsPair.SocketsAsync(Patience);
            Task<Secured> accepting = TlsPair.By("OpenSsl").Serve(TlsPair.Certificate, asksCallers: false).AcceptAsync(new PromptStream(near), Patience);
            Task<Secured> calling = TlsPair.By("OpenSsl").Call(shown: null).ConnectAsync(relayFar, "hub.test", _ => true, Patience);
            using var handshake = CancellationTokenSource.CreateLinkedTokenSource(Patience);
            Task back = PassAsync(far, relayNear, handshake.Token), forth = PassAsync(relayNear, far, handshake.Token);
            Secured server = await accepting, client = await calling;
            await handshake.CancelAsync();
            await Task.WhenAll(back, forth);
            await client.Stream.WriteAsync(new byte[100], Patience);
            byte[] record = new byte[cut];
            for (int got = 0; got < cut;) got += await relayNear.ReceiveAsync(record.AsMemory(got), Patience);
            await far.SendAsync(record, Patience);
            far.Shutdown(SocketShutdown.Send);
            if (cut == 5 + 100 + 1 + 16)
            {
                await server.Stream.ReadExactlyAsync(new byte[100], Patience);
                Assert.Equal(0, await server.Stream.ReadAsync(new byte[1], Patience));
            }
            else
            {
                await Assert.ThrowsAsync<EndOfStreamException>(() => ReadOnceAsync(server.Stream, 100));
            }
            await server.Stream.DisposeAsync();
            await client.Stream.DisposeAsync();
            far.Dispose();
            relayNear.Dispose();
        }
    }

    [Fact]
    public async Task A_wrong_record_ends_the_connection_with_a_sentence_at_both_ends()
    {
        (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
        Task<Secured> accepting = TlsPair.By("OpenSsl").Serve(TlsPair.Certificate, asksCallers: false).AcceptAsync(new PromptStream(near), Patience);
        Secured client = await TlsPair.By("OpenSsl").Call(shown: null).ConnectAsync(far, "hub.test", _ => true, Patience), server = await accepting;
        await far.SendAsync((byte[])[23, 3, 3, 0, 40, .. new byte[40]], Patience);
        IOException error = await Assert.ThrowsAsync<IOException>(() => ReadOnceAsync(server.Stream, 1));
        Assert.Contains("mac", error.Message, StringComparison.OrdinalIgnoreCase);
        await Assert.ThrowsAsync<IOException>(() => ReadOnceAsync(server.Stream, 1));
        await Assert.ThrowsAsync<IOException>(async () => await server.Stream.WriteAsync(new byte[1], Patience));
        await Assert.ThrowsAsync<IOException>(() => ReadOnceAsync(client.Stream, 1));
        await server.Stream.DisposeAsync();
        await client.Stream.DisposeAsync();
    }

    /// <summary>Until it is stopped; what it has begun to receive it passes on.</summary>
    private static async Task PassAsync(Socket from, Socket to, CancellationToken stop)
    {
        byte[] buffer = new byte[8192];
        try
        {
            while (true) await to.SendAsync(buffer.AsMemory(0, await from.ReceiveAsync(buffer, stop)), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<int> ReadOnceAsync(Stream from, int most) => await from.ReadAsync(new byte[most], Patience);

    private async Task WriteAsync(Stream to)
    {
        var random = new Random(1);
        byte[] content = new byte[200_000];
        await EndsAsync(async () =>
        {
            while (true) await to.WriteAsync(content.AsMemory(0, random.Next(2) == 0 ? random.Next(1, 500) : random.Next(1, content.Length)), Patience);
        });
    }

    private async Task ReadAsync(Stream from, SemaphoreSlim moved)
    {
        byte[] content = new byte[100_000];
        await EndsAsync(async () =>
        {
            while (await from.ReadAsync(content, Patience) > 0) moved.Release();
        });
        moved.Release(1000);
    }

    private static async Task EndsAsync(Func<Task> work)
    {
        Exception? error = await Record.ExceptionAsync(work);
        Assert.True(error is null or IOException or ObjectDisposedException, error?.ToString());
    }
}
