using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>What a client's camera gives to the wire.</summary>
public class VideoSenderTests
{
    private const int Memory = 1024; // packets that are remembered

    private readonly Wire _wire = new();
    private readonly VideoSender _sender;

    public VideoSenderTests() => _sender = new VideoSender(_wire, new FakeTimeProvider());

    [Fact]
    public async Task Packets_of_a_burst_leave_in_one_call()
    {
        await SendAsync(1, 4);
        Assert.Equal([4], _wire.Calls);
        await SendAsync(2, 1);
        Assert.Equal([4, 1], _wire.Calls);
    }

    [Fact]
    public async Task Frames_are_whole_and_numbers_go_on_when_the_memory_begins_anew()
    {
        const int frames = (Memory / 7) + 20;
        for (int frame = 0; frame < frames; frame++) await SendAsync((uint)frame, 7);
        Assert.Equal(Enumerable.Range(1, frames * 7).Select(n => (uint)n), _wire.Packets.Select(p => p.Packet));
        Assert.Equal(from frame in Enumerable.Range(0, frames) from fragment in Enumerable.Range(0, 7) select ((uint)frame, (ushort)fragment), _wire.Packets.Select(p => (p.Frame, p.Fragment)));
        Assert.All(_wire.Packets, p => Assert.Equal(7, p.Fragments));
        // Once the frame lay across the memory's end.
        Assert.Equal(frames + 1, _wire.Calls.Count);
    }

    // The last packet is not full.
    private ValueTask SendAsync(uint frame, int packets)
    {
        byte[] bytes = new byte[((packets - 1) * VideoHeader.FragmentBytes) + 100];
        var header = new VideoHeader(VideoCodec.Jpeg, VideoLayer.Large, Key: true, 1, frame, 0, 0, 1, 640, 360);
        return _sender.SendAsync(header, bytes, TestContext.Current.CancellationToken);
    }

    /// <summary>Reads what was sent.</summary>
    private sealed class Wire : IClientDatagrams
    {
        public List<VideoHeader> Packets { get; } = [];

        public List<int> Calls { get; } = [];

        public bool Reachable => true;

        public TimeSpan? RoundTrip => null;

        public bool TrySend(ReadOnlySpan<byte> payload)
        {
            Assert.True(VideoHeader.TryReadPacket(payload, out VideoHeader header));
            Packets.Add(header);
            return true;
        }

        public bool TrySendMany(ReadOnlySpan<byte> payloads, int size)
        {
            Calls.Add((payloads.Length + size - 1) / size);
            for (; payloads.Length > 0; payloads = payloads[Math.Min(size, payloads.Length)..]) TrySend(payloads[..Math.Min(size, payloads.Length)]);
            return true;
        }
    }
}
