using System.Buffers;
using System.Diagnostics;
using System.Threading.Channels;

namespace LanCollab.Tests.Support.Faults;

/// <summary>
/// One direction of a stream between its two sockets: chunks come out in their order, each after its latency and no faster than the bandwidth. Latency
/// does not cost bandwidth: up to <see cref="Chunks"/> are under way at a time, then the sender feels it.
/// </summary>
internal sealed class DelayLine(FaultDice dice, Func<FaultOptions> options)
{
    public const int ChunkSize = 16 * 1024;
    private const int Chunks = 64;

    private readonly Channel<Chunk> _chunks = Channel.CreateBounded<Chunk>(new BoundedChannelOptions(Chunks) { SingleReader = true, SingleWriter = true });
    private long _number, _free, _lastDue;

    private readonly record struct Chunk(byte[] Buffer, int Size, long Due);

    /// <summary>Takes a chunk; the buffer, rented from the shared pool, is the line's from now on.</summary>
    public ValueTask AddAsync(byte[] buffer, int size, CancellationToken cancellationToken) =>
        _chunks.Writer.WriteAsync(new Chunk(buffer, size, Due(size)), cancellationToken);

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _chunks.Writer.TryComplete();

    /// <summary>Gives out all chunks when they are due, until <see cref="Complete"/>.</summary>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellationToken)
    {
        await foreach (Chunk chunk in _chunks.Reader.ReadAllAsync(cancellationToken))
        {
            TimeSpan wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), chunk.Due);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellationToken);
            await send(chunk.Buffer.AsMemory(0, chunk.Size));
            ArrayPool<byte>.Shared.Return(chunk.Buffer);
        }
    }

    private long Due(int size)
    {
        FaultOptions now = options();
        long rate = now.BytesPerSecond;
        _free = Math.Max(_free, Stopwatch.GetTimestamp()) + (rate > 0 ? Ticks((double)size / rate) : 0);
        _lastDue = Math.Max(_lastDue, _free + Ticks(dice.Of(_number++).Delay.TotalSeconds));
        return _lastDue;
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
