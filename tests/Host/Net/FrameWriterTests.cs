using CsCheck;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class FrameWriterTests
{
    [Fact]
    public Task What_is_written_is_what_a_reader_reads_whatever_the_sizes() =>
        Gen.Int[0, 200_000].Array[1, 12].SampleAsync(async sizes =>
        {
            var queue = new SendQueue(long.MaxValue);
            byte[][] payloads = [.. sizes.Select((size, i) => Enumerable.Repeat((byte)i, size).ToArray())];
            foreach (byte[] payload in payloads) queue.TryAdd(new Frame(FrameKind.Binary, payload));
            queue.Complete();
            var stream = new MemoryStream();
            long counted = 0;
            await new FrameWriter(stream, queue, bytes => counted += bytes).RunAsync(CancellationToken.None);
            Assert.Equal((stream.Length, 0), (counted, queue.Bytes));
            stream.Position = 0;
            var reader = new FrameReader(stream, 200_000);
            foreach (byte[] payload in payloads) Assert.Equal(payload, (await reader.ReadAsync(CancellationToken.None))!.Value.Payload.ToArray());
            Assert.Null(await reader.ReadAsync(CancellationToken.None));
        }, iter: 60);

    [Fact]
    public async Task Small_frames_share_a_write()
    {
        var queue = new SendQueue(long.MaxValue);
        for (int i = 0; i < 200; i++) queue.TryAdd(new Frame(FrameKind.Json, new byte[300]));
        queue.Complete();
        int writes = 0;
        await new FrameWriter(Stream.Null, queue, _ => writes++).RunAsync(CancellationToken.None);
        Assert.Equal(1, writes);
    }
}
