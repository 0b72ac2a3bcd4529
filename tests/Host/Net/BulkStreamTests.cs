using CsCheck;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class BulkStreamTests
{
    private const int Record = 16 * 1024;

    [Fact]
    public Task Frames_come_out_as_they_went_in_whatever_their_sizes() =>
        Gen.Int[0, 300_000].Array[1, 12].SampleAsync(async sizes =>
        {
            var queue = new SendQueue(long.MaxValue);
            byte[][] payloads = [.. sizes.Select((size, i) => Enumerable.Repeat((byte)(i + 1), size).ToArray())];
            foreach (byte[] payload in payloads) queue.TryAdd(new Frame(FrameKind.Binary, payload));
            queue.Complete();
            var wire = new MemoryStream();
            var sending = new BulkStream(wire);
            await new FrameWriter(sending, queue, _ => { }, sending).RunAsync(CancellationToken.None);
            wire.Position = 0;
            var receiving = new BulkStream(wire);
            var reader = new FrameReader(receiving, 300_000, receiving);
            foreach (byte[] payload in payloads) Assert.Equal(payload, (await reader.ReadAsync(CancellationToken.None))!.Value.Payload.ToArray());
            Assert.Null(await reader.ReadAsync(CancellationToken.None));
        }, iter: 60);

    [Fact]
    public async Task Records_of_a_long_frame_share_system_calls_and_short_ones_pass_at_once()
    {
        var wire = new CountingStream();
        var bulk = new BulkStream(wire);
        await bulk.WriteAsync(new byte[100]);
        Assert.Equal(1, wire.Writes);
        bulk.Gather();
        for (int i = 0; i < 64; i++) await bulk.WriteAsync(new byte[Record + 22]);
        await bulk.ReleaseAsync(CancellationToken.None);
        Assert.Equal(1 + 5, wire.Writes);
        Assert.Equal(100 + 64 * (Record + 22), wire.Length);

        wire.Position = 0;
        byte[] buffer = new byte[Record];
        Assert.Equal(100, await bulk.ReadAsync(buffer.AsMemory(0, 100)));
        bulk.ReadsAhead = true;
        for (long left = wire.Length - 100; left > 0;) left -= await bulk.ReadAsync(buffer);
        Assert.InRange(wire.Reads, 2, 7);
        Assert.Equal(0, await bulk.ReadAsync(buffer));
    }

    [Fact]
    public async Task A_long_frame_is_kept_without_a_copy_and_outlives_what_comes_after_it()
    {
        byte[][] payloads = [.. Enumerable.Range(1, 5).Select(i => Enumerable.Repeat((byte)i, i == 3 ? 50 : 100_000).ToArray())];
        var reader = new FrameReader(new MemoryStream([.. payloads.SelectMany(payload => FrameReaderTests.Frame(1, payload))]), 100_000);
        var kept = new List<Memory<byte>>();
        int copies = 0;
        for (int i = 0; i < payloads.Length; i++)
        {
            byte[] spare = new byte[120_000];
            kept.Add(reader.Keep((await reader.ReadAsync(CancellationToken.None))!.Value.Payload, spare));
            if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray<byte>(kept[i], out var at) && ReferenceEquals(at.Array, spare)) copies++;
        }
        Assert.Equal(payloads, kept.Select(payload => payload.ToArray()));
        Assert.Equal(1, copies);
    }

    private sealed class CountingStream : MemoryStream
    {
        public int Reads { get; private set; }

        public int Writes { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return base.ReadAsync(buffer, cancellationToken);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
