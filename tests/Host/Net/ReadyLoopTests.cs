using System.Net.Sockets;
using LanCollab.Host.Net;
using LanCollab.Tests.Host.Net.Tls;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Host.Net;

/// <summary>Streams that read by a loop of their own, of any kind: that nobody waits for another, and that they end whenever they are told to.</summary>
public abstract class ReadyLoopTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lazy<ReadyLoop> _loop;

    private protected ReadyLoopTests(ReadyKind kind)
    {
        Assert.SkipUnless(ReadyLoop.IsSupported, "It is Linux' epoll on x64.");
        Kind = kind;
        _loop = new(() => new ReadyLoop(_time, kind));
    }

    private protected ReadyKind Kind { get; }

    private CancellationToken Patience { get; } = new CancellationTokenSource(Recorded<int>.Patience).Token;

    public void Dispose()
    {
        if (_loop.IsValueCreated) _loop.Value.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>As when what comes waits for a slow disk: so many readers as may.</summary>
    [Fact]
    public async Task Readers_that_block_hold_up_nobody_else()
    {
        Pair[] blocked = await Task.WhenAll(Enumerable.Range(1, Kind.Threads - 1).Select(_ => OpenAsync()));
        using var goOn = new ManualResetEventSlim();
        int inside = 0;
        Task blocking = Task.WhenAll(blocked.Select(BlockAsync));
        Pair[] others = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => OpenAsync()));
        while (Volatile.Read(ref inside) < blocked.Length)
        {
            _time.Advance(Kind.Calm);
            foreach (Pair one in blocked) await one.SayAsync(1);
            await Task.Yield();
            Patience.ThrowIfCancellationRequested();
        }
        for (byte round = 0; round < 3; round++)
        {
            Task<string?>[] reads = [.. others.Select(o => ThreadOfReadAsync(o.Stream))];
            _time.Advance(Kind.Calm);
            foreach (Pair other in others) await other.SayAsync(round);
            // The thread that still waits does nothing else.
            Assert.DoesNotContain(Kind.ThreadName, await Task.WhenAll(reads));
        }
        Assert.False(blocking.IsCompleted);
        goOn.Set();
        await blocking;
        // All threads wait again, and nothing is left to read for them.
        await HereAtLastAsync(others[0]);
        foreach (Pair pair in others.Concat(blocked)) await pair.DisposeAsync();

        async Task BlockAsync(Pair pair)
        {
            while (await ThreadOfReadAsync(pair.Stream).ConfigureAwait(false) != Kind.ThreadName || Thread.CurrentThread.Name != Kind.ThreadName) { }
            Interlocked.Increment(ref inside);
            goOn.Wait(Patience);
        }
    }

    /// <summary>A thread of the loop may not wait again yet when the next byte comes, and then it is the pool's; at some time both do.</summary>
    private protected async Task HereAtLastAsync(Pair pair)
    {
        while (await ThreadOfNextAsync(pair, Kind.Calm) != Kind.ThreadName) Patience.ThrowIfCancellationRequested();
    }

    /// <summary>Nothing is lost on the way from one to the other, whatever the reader waits for in that moment.</summary>
    [Fact]
    public async Task Who_is_sent_more_than_fits_is_left_to_the_runtime_or_stays()
    {
        await using Pair pair = await OpenAsync();
        await HereAtLastAsync(pair);
        Task<string?> waits = ThreadOfReadAsync(pair.Stream);
        byte[] much = new byte[16 << 20];
        Task writing = pair.Stream.WriteAsync(much, Patience).AsTask();
        Assert.False(writing.IsCompleted);
        await pair.SayAsync(0);
        await waits;
        await pair.Far.ReadExactlyAsync(new byte[much.Length], Patience);
        await writing;
        if (!Kind.LeavesSenders) await HereAtLastAsync(pair);
        else for (int i = 0; i < 20; i++) Assert.NotEqual(Kind.ThreadName, await ThreadOfNextAsync(pair, Kind.Calm));
    }

    /// <summary>Goes on in the pool when all threads of the loop wait.</summary>
    private protected async Task AllWaitAsync()
    {
        do await Task.Yield();
        while (_loop.Value.Waiting < Kind.Threads && !Patience.IsCancellationRequested);
    }

    /// <summary>Where a reader goes on that has waited for so long.</summary>
    private protected async Task<string?> ThreadOfNextAsync(Pair pair, TimeSpan waited)
    {
        Task<string?> read = ThreadOfReadAsync(pair.Stream);
        _time.Advance(waited);
        await pair.SayAsync(0);
        return await read;
    }

    [Fact]
    public async Task Every_byte_comes_once_and_in_order_whatever_pieces_it_is_sent_and_read_in()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await using Pair pair = await OpenAsync();
        byte[] all = new byte[3_000_000];
        new Random(seed).NextBytes(all);
        Task writing = Task.Run(async () =>
        {
            var random = new Random(seed + 1);
            for (int at = 0, some; at < all.Length; at += some)
            {
                some = Math.Min(random.Next(1, 20_000), all.Length - at);
                await pair.Other.SendAsync(all.AsMemory(at, some), Patience);
                if (random.Next(4) == 0) await Task.Yield();
                if (random.Next(4) == 0) _time.Advance(Kind.Calm);
            }
        });
        var read = new Random(seed + 2);
        byte[] got = new byte[all.Length];
        for (int at = 0; at < got.Length;)
        {
            // As TLS does: it asks first, and holds no buffer meanwhile.
            if (read.Next(3) == 0) Assert.Equal(0, await pair.Stream.ReadAsync(Memory<byte>.Empty, Patience));
            int some = await pair.Stream.ReadAsync(got.AsMemory(at, Math.Min(read.Next(1, 30_000), got.Length - at)), Patience);
            Assert.NotEqual(0, some);
            at += some;
        }
        await writing;
        Assert.Equal(all, got);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_in_the_moment_something_comes_loses_nothing()
    {
        const int Bytes = 2000;
        await using Pair pair = await OpenAsync();
        byte[] one = new byte[1];
        for (int i = 0; i < Bytes;)
        {
            using var cancel = new CancellationTokenSource();
            Task<int> reading = pair.Stream.ReadAsync(one, cancel.Token).AsTask();
            if (i % 2 == 0) _time.Advance(Kind.Calm);
            Task cancelling = Task.Run(cancel.Cancel);
            await pair.SayAsync((byte)i);
            try
            {
                Assert.Equal(1, await reading);
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(cancel.Token, e.CancellationToken);
                await pair.Stream.ReadExactlyAsync(one, Patience);
            }
            await cancelling;
            Assert.Equal((byte)i++, one[0]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_is_disposed_of_at_any_moment_and_its_read_ends(bool tls)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 300; i++)
        {
            Pair pair = await OpenAsync(tls);
            Task<Exception?> reading = Task.Run(() => ReadToTheEndAsync(pair.Stream));
            Task writing = Task.Run(() => WriteOnAsync(pair));
            for (int spin = random.Next(3000); spin > 0; spin--) Thread.SpinWait(1);
            if (i % 2 == 0) _time.Advance(Kind.Calm);
            await pair.Stream.DisposeAsync();
            Exception? end = await reading.WaitAsync(Patience);
            Assert.True(end is null or IOException or ObjectDisposedException, $"{end}");
            await pair.DisposeAsync();
            await writing.WaitAsync(Patience);
        }
        Assert.Equal(0, _loop.Value.Count);
    }

    [Fact]
    public async Task Who_disposes_under_a_lock_does_not_run_the_reader()
    {
        Pair pair = await OpenAsync();
        var gate = new Lock();
        Task<bool> after = IsUnderLockAsync();
        _time.Advance(Kind.Calm);
        lock (gate) pair.Stream.Dispose();
        Assert.False(await after);
        await pair.DisposeAsync();

        async Task<bool> IsUnderLockAsync()
        {
            await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => pair.Stream.ReadAsync(new byte[1], Patience).AsTask()).ConfigureAwait(false);
            return gate.IsHeldByCurrentThread;
        }
    }

    [Fact]
    public async Task Hundreds_that_are_silent_hear_the_one_byte_that_comes_for_them()
    {
        // Two descriptors each, of 1024 that a process may have on some systems.
        const int Many = 400;
        Pair[] pairs = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => OpenAsync()));
        for (int round = 0; round < 5; round++)
        {
            byte[][] buffers = [.. pairs.Select(_ => new byte[1])];
            Task<int>[] reads = [.. pairs.Select((p, i) => p.Stream.ReadAsync(buffers[i], Patience).AsTask())];
            Assert.All(reads, read => Assert.False(read.IsCompleted));
            if (round % 2 == 0) _time.Advance(Kind.Calm);
            for (int i = 0; i < Many; i++) await pairs[i].SayAsync((byte)i);
            Assert.All(await Task.WhenAll(reads), read => Assert.Equal(1, read));
            for (int i = 0; i < Many; i++) Assert.Equal((byte)i, buffers[i][0]);
        }
        Assert.Equal(Many, _loop.Value.Count);
        foreach (Pair pair in pairs) await pair.DisposeAsync();
        Assert.Equal(0, _loop.Value.Count);
    }

    [Fact]
    public async Task An_end_is_an_end_and_a_reset_an_error()
    {
        await using (Pair ended = await OpenAsync())
        {
            Task<int> reading = ended.Stream.ReadAsync(new byte[1], Patience).AsTask();
            ended.Other.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await reading);
            Assert.Equal(0, await ended.Stream.ReadAsync(new byte[1], Patience));
        }
        await using Pair reset = await OpenAsync();
        Task<int> waiting = reset.Stream.ReadAsync(new byte[1], Patience).AsTask();
        reset.Other.LingerState = new LingerOption(enable: true, seconds: 0);
        reset.Other.Dispose();
        await Assert.ThrowsAsync<IOException>(() => waiting);
    }

    [Fact]
    public async Task A_loop_that_ends_tells_those_who_wait_and_those_who_come_later()
    {
        await using Pair waits = await OpenAsync();
        await using Pair later = await OpenAsync();
        Task<int> waiting = waits.Stream.ReadAsync(new byte[1], Patience).AsTask();
        _loop.Value.Dispose();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => later.Stream.ReadAsync(new byte[1], Patience).AsTask());
    }

    private static async Task<string?> ThreadOfReadAsync(Stream stream)
    {
        await stream.ReadExactlyAsync(new byte[1]).ConfigureAwait(false);
        return Thread.CurrentThread.Name;
    }

    private static async Task<Exception?> ReadToTheEndAsync(Stream stream)
    {
        try
        {
            byte[] buffer = new byte[4096];
            while (await stream.ReadAsync(buffer).ConfigureAwait(false) > 0) { }
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static async Task WriteOnAsync(Pair pair)
    {
        try
        {
            byte[] some = new byte[3000];
            while (true) await pair.Far.WriteAsync(some).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The other end has been disposed of.
        }
    }

    private protected async Task<Pair> OpenAsync(bool tls = false)
    {
        (Socket near, Socket far) = await TlsPair.SocketsAsync(Patience);
        var stream = new PromptStream(near, _loop.Value);
        if (!tls) return new Pair(stream, far, new NetworkStream(far, ownsSocket: true));
        var accepting = TlsPair.By("OpenSsl").Serve(TlsPair.Certificate, asksCallers: false).AcceptAsync(stream, Patience);
        var client = await TlsPair.By("OpenSsl").Call(shown: null).ConnectAsync(far, "hub.test", _ => true, Patience);
        return new Pair((await accepting).Stream, far, client.Stream);
    }

    private protected sealed record Pair(Stream Stream, Socket Other, Stream Far) : IAsyncDisposable
    {
        public Task SayAsync(byte what) => Other.SendAsync(new[] { what });

        public async ValueTask DisposeAsync()
        {
            await Stream.DisposeAsync();
            await Far.DisposeAsync();
        }
    }
}
