using System.IO.Pipelines;
using System.Net;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

/// <summary>Channels whose other end has gone without a word.</summary>
public sealed class SilenceWatchTests : IAsyncDisposable
{
    private readonly SilenceWatch _client = new(asks: true, TimeProvider.System), _hub = new(asks: false, TimeProvider.System);
    private readonly DuplexPipe _wire = new();
    private readonly FrameChannel _near, _far;

    public SilenceWatchTests()
    {
        (_near, _far) = (NewChannel(_wire.Near, atHub: false), NewChannel(_wire.Far, atHub: true));
        _client.Add(_near);
        _hub.Add(_far);
    }

    public async ValueTask DisposeAsync()
    {
        await _near.DisposeAsync();
        await _far.DisposeAsync();
    }

    [Fact]
    public async Task Who_answers_may_be_silent_for_as_long_as_they_like_and_the_plugins_see_nothing_of_it()
    {
        ValueTask<Frame?> atHub = _far.ReceiveAsync(CancellationToken.None), atClient = _near.ReceiveAsync(CancellationToken.None);
        for (int round = 0; round < 10; round++)
        {
            long heard = _near.BytesIn;
            Look(_client, SilenceWatch.Patience + 1);
            await ReachedAsync(() => _near.BytesIn > heard);
            Look(_hub, SilenceWatch.Patience);
        }
        Assert.False(_near.Closed.IsCancellationRequested || _far.Closed.IsCancellationRequested);
        await _far.SendAsync(new Frame(FrameKind.Binary, new byte[] { 7 }), CancellationToken.None);
        Assert.Equal([7], (await atClient)!.Value.Payload.ToArray());
        _near.Close("done");
        Assert.Null(await atHub);
    }

    [Fact]
    public async Task Who_is_told_much_and_says_nothing_is_heard_of_all_the_same()
    {
        _near.Ping();
        ValueTask<Frame?> atHub = _far.ReceiveAsync(CancellationToken.None);
        await ReachedAsync(() => _far.WasAsked);
        for (int look = 1; look <= 3 * SilenceWatch.HubLimit; look++)
        {
            await _far.SendAsync(new Frame(FrameKind.Binary, new byte[] { 7 }), CancellationToken.None);
            Assert.NotNull(await _near.ReceiveAsync(CancellationToken.None));
            Look(_client, 1);
            // What was asked has to arrive before the hub looks again.
            await ReachedAsync(() => _near.Queued == 0 && _far.BytesIn == _near.BytesOut);
            Look(_hub, 1);
        }
        Assert.False(_near.Closed.IsCancellationRequested || _far.Closed.IsCancellationRequested);
        _near.Close("done");
        Assert.Null(await atHub);
    }

    [Fact]
    public async Task A_client_closes_what_does_not_answer()
    {
        // Nobody receives at the hub, as if it had gone.
        ValueTask<Frame?> receiving = _near.ReceiveAsync(CancellationToken.None);
        Look(_client, SilenceWatch.ClientLimit);
        Assert.False(_near.Closed.IsCancellationRequested);
        Look(_client, 1);
        Assert.Null(await receiving);
        Assert.Contains("Nothing has come for 13 s", _near.Reason);
    }

    [Fact]
    public async Task A_hub_closes_only_who_used_to_ask()
    {
        ValueTask<Frame?> receiving = _far.ReceiveAsync(CancellationToken.None);
        Look(_hub, 10 * SilenceWatch.HubLimit);
        _near.Ping();
        await ReachedAsync(() => _far.WasAsked);
        Look(_hub, SilenceWatch.HubLimit + 1);
        Assert.Null(await receiving);
    }

    [Fact]
    public async Task While_something_long_goes_out_the_channel_is_alive()
    {
        // So much that the other side has to read for it to go on.
        byte[] block = new byte[2 * 1024 * 1024];
        await _near.SendAsync(new Frame(FrameKind.Binary, block), CancellationToken.None);
        byte[] piece = new byte[64 * 1024];
        for (int left = block.Length; left > 0; left -= piece.Length)
        {
            long sent = _near.BytesOut;
            await _wire.Far.ReadExactlyAsync(piece);
            await ReachedAsync(() => _near.BytesOut > sent || _near.Queued == 0);
            Look(_client, 1);
        }
        Assert.False(_near.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_flood_of_questions_fills_no_queue()
    {
        ValueTask<Frame?> receiving = _far.ReceiveAsync(CancellationToken.None);
        for (int i = 0; i < 100_000; i++) _near.Ping();
        await _near.SendAsync(new Frame(FrameKind.Binary, new byte[] { 1 }), CancellationToken.None);
        Assert.Equal([1], (await receiving)!.Value.Payload.ToArray());
        Assert.InRange(_far.Queued, 0, 10 * FrameLayout.HeaderSize);
    }

    [Fact]
    public void A_ping_has_no_payload()
    {
        byte[] header = new byte[FrameLayout.HeaderSize];
        FrameLayout.WriteHeader(header, FrameLayout.Ping, 1);
        Assert.Throws<ProtocolErrorException>(() => FrameLayout.TryReadHeader(header, 1000, out _, out _));
        FrameLayout.WriteHeader(header, FrameLayout.Pong + 1, 0);
        Assert.Throws<ProtocolErrorException>(() => FrameLayout.TryReadHeader(header, 1000, out _, out _));
    }

    private static void Look(SilenceWatch watch, int times)
    {
        for (int i = 0; i < times; i++) watch.Look();
    }

    private static async Task ReachedAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Support.Recorded<int>.Patience);
        while (!condition()) await Task.Delay(5, patience.Token);
    }

    private static FrameChannel NewChannel(Stream stream, bool atHub) => new(stream, new IPEndPoint(IPAddress.Loopback, 1), 4_000_000, atHub, TimeProvider.System);

    /// <summary>Two ends of a wire that holds 64 KiB in each direction.</summary>
    private sealed class DuplexPipe
    {
        private readonly Pipe _there = new(), _back = new();

        public DuplexPipe() => (Near, Far) = (new Ends(_back, _there), new Ends(_there, _back));

        public Stream Near { get; }

        public Stream Far { get; }
    }

    private sealed class Ends(Pipe from, Pipe to) : Stream
    {
        private readonly Stream _in = from.Reader.AsStream(), _out = to.Writer.AsStream();

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _in.ReadAsync(buffer, cancellationToken);
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _out.WriteAsync(buffer, cancellationToken);
        public override void Flush() => _out.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) { _in.Dispose(); _out.Dispose(); }
            base.Dispose(disposing);
        }
    }
}
