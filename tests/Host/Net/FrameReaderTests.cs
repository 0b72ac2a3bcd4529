using CsCheck;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class FrameReaderTests
{
    private const int Limit = 64 * 1024;

    [Fact]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut() =>
        Gen.Select(Gen.Byte.Array[0, 40_000].Array[1, 6], Gen.Int[1, 9000]).Sample((payloads, cut) =>
        {
            var stream = new ChoppedStream([.. payloads.SelectMany(p => Frame(0, p))], cut);
            var reader = new FrameReader(stream, Limit);
            foreach (byte[] payload in payloads)
            {
                var frame = Read(reader);
                Assert.Equal(payload, frame!.Value.Payload.ToArray());
            }
            Assert.Null(Read(reader));
        }, iter: 60);

    [Theory]
    [InlineData(0xFFFFFFFF)]
    [InlineData(Limit + 1u)]
    public void A_length_beyond_the_limit_is_refused_before_anything_is_allocated(uint length)
    {
        byte[] header = new byte[FrameLayout.HeaderSize];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(header, length);
        var reader = new FrameReader(new MemoryStream(header), Limit);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ProtocolErrorException>(() => Read(reader));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Contains($"{length}", error.Message);
        Assert.Contains($"{Limit}", error.Message);
    }

    [Fact]
    public void A_frame_of_exactly_the_limit_is_taken() =>
        Assert.Equal(Limit, Read(new FrameReader(new MemoryStream(Frame(1, new byte[Limit])), Limit))!.Value.Payload.Length);

    [Fact]
    public void An_unknown_kind_is_a_protocol_error() =>
        Assert.Throws<ProtocolErrorException>(() => Read(new FrameReader(new MemoryStream(Frame(3, [1])), Limit)));

    [Fact]
    public void An_end_within_a_frame_is_a_broken_connection() =>
        Assert.Throws<EndOfStreamException>(() => Read(new FrameReader(new MemoryStream(Frame(0, new byte[10])[..^1]), Limit)));

    internal static byte[] Frame(byte kind, byte[] payload)
    {
        byte[] frame = new byte[FrameLayout.HeaderSize + payload.Length];
        FrameLayout.WriteHeader(frame, kind, payload.Length);
        payload.CopyTo(frame, FrameLayout.HeaderSize);
        return frame;
    }

    // Over memory streams every read completes at once, so nothing waits here.
    private static (byte Kind, ReadOnlyMemory<byte> Payload)? Read(FrameReader reader)
    {
        var read = reader.ReadAsync(CancellationToken.None).AsTask();
        Assert.True(read.IsCompleted);
        return read.GetAwaiter().GetResult();
    }

    private sealed class ChoppedStream(byte[] content, int cut) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(cut, buffer.Length)], cancellationToken);
    }
}
