using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

public class VideoForwarderTests
{
    private readonly Peer _ada = new("a", "Ada", "room"), _ben = new("b", "Ben", "room"), _cleo = new("c", "Cleo", "room");
    private readonly VideoForwarder _forwarder = new(new TestLog());
    private readonly Outbox _outbox = new();
    private int _asked;

    [Fact]
    public void Packet_goes_unchanged_to_those_who_watch()
    {
        VideoStream stream = Publish(VideoCodec.Jpeg);
        stream.Set(_ben, VideoLayer.Large);
        stream.Set(_cleo, VideoLayer.None);
        byte[] packet = Packets.One(Packets.Header());
        _forwarder.Receive(_outbox, _ada, packet);
        Assert.Equal([(_ben, Convert.ToHexString(packet))], _outbox.Sent);
    }

    [Fact]
    public void Forged_stream_number_is_dropped_and_counted()
    {
        Publish(VideoCodec.Jpeg).Set(_cleo, VideoLayer.Large);
        _forwarder.Receive(_outbox, _ben, Packets.One(Packets.Header()));
        Assert.Empty(_outbox.Sent);
        Assert.Equal(1, _forwarder.Forged);
    }

    [Fact]
    public void Packets_of_another_codec_of_no_stream_and_of_none_are_dropped_and_counted()
    {
        Publish(VideoCodec.Jpeg).Set(_ben, VideoLayer.Large);
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(codec: VideoCodec.Vp8)));
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(stream: 2)));
        _forwarder.Receive(_outbox, _ada, "noise"u8);
        Assert.Empty(_outbox.Sent);
        Assert.Equal(3, _forwarder.Dropped);
    }

    [Fact]
    public void Watcher_of_the_small_layer_gets_only_that()
    {
        Publish(VideoCodec.Jpeg).Set(_ben, VideoLayer.Small);
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(1)));
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(1, layer: VideoLayer.Small)));
        Assert.Equal(1, _forwarder.Forwarded);
    }

    [Fact]
    public void Vp8_watcher_keeps_the_old_layer_until_a_key_frame_of_the_new_one_and_one_is_asked_for()
    {
        VideoStream stream = Publish(VideoCodec.Vp8);
        stream.Set(_ben, VideoLayer.Large);
        Assert.Equal("large 1", Sends(Vp8(1, key: true)));
        stream.Set(_ben, VideoLayer.Small);
        Assert.Equal("", Sends(Vp8(1, layer: VideoLayer.Small)));
        Assert.Equal(1, _asked);
        Assert.Equal("large 2", Sends(Vp8(2)));
        Assert.Equal("small 2", Sends(Vp8(2, key: true, layer: VideoLayer.Small)));
        Assert.Equal("", Sends(Vp8(3)));
    }

    [Fact]
    public void Late_joiner_of_vp8_begins_with_a_key_frame()
    {
        VideoStream stream = Publish(VideoCodec.Vp8);
        stream.Set(_ben, VideoLayer.Large);
        Sends(Vp8(1, key: true));
        stream.Set(_cleo, VideoLayer.Large);
        Assert.Equal("large 2", Sends(Vp8(2)));
        Assert.Equal(1, _asked);
        Assert.Equal("large 3, large 3", Sends(Vp8(3, key: true)));
    }

    [Fact]
    public void Forwarding_allocates_nothing_per_packet()
    {
        VideoStream stream = Publish(VideoCodec.Jpeg);
        for (int i = 0; i < 20; i++) stream.Set(new Peer($"{i}", $"P{i}", "room"), i % 2 == 0 ? VideoLayer.Large : VideoLayer.Small);
        byte[] packet = Packets.Of(Packets.Header(), Packets.Bytes(0, 5000))[0];
        var nowhere = new Nowhere();
        for (int i = 0; i < 100; i++) _forwarder.Receive(nowhere, _ada, packet);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++) _forwarder.Receive(nowhere, _ada, packet);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_100 * 10, _forwarder.Forwarded);
    }

    private VideoStream Publish(VideoCodec codec)
    {
        KeyFrameRequests Requests() => new(new FakeTimeProvider(), () => _asked++);
        var info = new VideoStarted(_ada.Id, _ada.Name, 1, codec, 640, 360, [VideoLayer.Large, VideoLayer.Small]);
        var stream = new VideoStream(_ada, info, Requests(), Requests());
        _forwarder.Add(stream);
        return stream;
    }

    private static VideoHeader Vp8(uint frame, bool key = false, VideoLayer layer = VideoLayer.Large) => Packets.Header(frame, VideoCodec.Vp8, key, layer);

    private string Sends(VideoHeader header)
    {
        _outbox.Sent.Clear();
        _forwarder.Receive(_outbox, _ada, Packets.One(header));
        return string.Join(", ", _outbox.Sent.Select(s =>
        {
            VideoHeader.TryReadPacket(Convert.FromHexString(s.Packet), out VideoHeader sent);
            return $"{sent.Layer.ToString().ToLowerInvariant()} {sent.Frame}";
        }));
    }

    private sealed class Outbox : IServerDatagrams
    {
        public List<(Peer To, string Packet)> Sent { get; } = [];

        public bool TrySend(Peer to, ReadOnlySpan<byte> payload)
        {
            Sent.Add((to, Convert.ToHexString(payload)));
            return true;
        }
    }

    private sealed class Nowhere : IServerDatagrams
    {
        public bool TrySend(Peer to, ReadOnlySpan<byte> payload) => true;
    }
}
