using System.IO.Pipelines;
using System.Net;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

/// <summary>A frame that stays half sent (slow-loris).</summary>
public sealed class FrameRateWatchTests : IAsyncDisposable
{
    private const int Least = 1024;

    // Inline: when a write returns, the reader has taken it.
    private readonly Pipe _wire = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
    private readonly LimitTally _limits = new();
    private readonly FrameRateWatch _watch;
    private readonly FrameChannel _channel;

    public FrameRateWatchTests()
    {
        _watch = new FrameRateWatch(() => Least, _limits, TimeProvider.System);
        _channel = new FrameChannel(_wire.Reader.AsStream(), new IPEndPoint(IPAddress.Loopback, 1), 100_000, atHub: true, TimeProvider.System);
        _watch.Add(_channel);
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    [Fact]
    public async Task A_begun_frame_that_stops_coming_is_ended_with_a_reason()
    {
        ValueTask<Frame?> receiving = _channel.ReceiveAsync(CancellationToken.None);
        await SendAsync(Frame(50_000)[..100]);
        Sweep(FrameRateWatch.Window);
        Assert.False(_channel.Closed.IsCancellationRequested);
        Sweep(1);
        Assert.Null(await receiving);
        Assert.Contains("1024 bytes a second", _channel.Reason);
        Assert.Equal(1, _limits.FrameRate.Value);
    }

    [Fact]
    public async Task A_drop_now_and_then_is_too_slow()
    {
        ValueTask<Frame?> receiving = _channel.ReceiveAsync(CancellationToken.None);
        byte[] frame = Frame(50_000);
        for (int i = 0; i <= FrameRateWatch.Window; i++)
        {
            await SendAsync(frame[(i * 100)..((i + 1) * 100)]);
            Sweep(1);
        }
        Assert.Null(await receiving);
    }

    [Fact]
    public async Task A_slow_link_that_keeps_the_least_rate_gets_its_frame_through()
    {
        ValueTask<Frame?> receiving = _channel.ReceiveAsync(CancellationToken.None);
        byte[] frame = Frame(50_000);
        for (int sent = 0; sent < frame.Length; sent += Least + 50)
        {
            await SendAsync(frame[sent..Math.Min(frame.Length, sent + Least + 50)]);
            Sweep(1);
        }
        Assert.Equal(50_000, (await receiving)!.Value.Payload.Length);
    }

    [Fact]
    public async Task Silence_between_frames_and_a_reader_that_is_busy_cost_nobody_the_channel()
    {
        await SendAsync([.. Frame(10), .. Frame(20)[..7]]);
        Assert.Equal(10, (await _channel.ReceiveAsync(CancellationToken.None))!.Value.Payload.Length);
        // The second one is half here, but it is this side that does not ask for the rest.
        Sweep(10 * FrameRateWatch.Window);
        ValueTask<Frame?> receiving = _channel.ReceiveAsync(CancellationToken.None);
        await SendAsync(Frame(20)[7..]);
        Assert.Equal(20, (await receiving)!.Value.Payload.Length);
        ValueTask<Frame?> silent = _channel.ReceiveAsync(CancellationToken.None);
        Sweep(10 * FrameRateWatch.Window);
        Assert.False(silent.IsCompleted);
    }

    [Fact]
    public async Task Many_frames_each_begun_just_before_a_sweep_are_no_slow_one()
    {
        byte[] frame = Frame(30);
        await SendAsync(frame[..10]);
        for (int i = 0; i < 3 * FrameRateWatch.Window; i++)
        {
            ValueTask<Frame?> receiving = _channel.ReceiveAsync(CancellationToken.None);
            Sweep(1);
            await SendAsync([.. frame[10..], .. frame[..10]]);
            Assert.NotNull(await receiving);
        }
    }

    private void Sweep(int times)
    {
        for (int i = 0; i < times; i++) _watch.Sweep();
    }

    private async Task SendAsync(byte[] bytes) => await _wire.Writer.WriteAsync(bytes);

    private static byte[] Frame(int length) => FrameReaderTests.Frame(1, new byte[length]);
}
