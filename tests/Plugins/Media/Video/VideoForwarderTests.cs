using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

public class VideoForwarderTests
{
    private readonly Peer _ada = new("a", "Ada", "room"), _ben = new("b", "Ben", "room"), _cleo = new("c", "Cleo", "room");
    private readonly FakeTimeProvider _time = new();
    private readonly VideoForwarder _forwarder;
    private readonly Dictionary<Peer, Watcher> _watchers = [];
    private readonly Outbox _outbox = new();
    private int _asked;

    public VideoForwarderTests() => _forwarder = new VideoForwarder(new TestLog(), _time, 1920, 1080);

    [Fact]
    public void Packet_goes_unchanged_but_for_its_number_to_those_who_watch()
    {
        VideoStream stream = Publish(VideoCodec.Jpeg);
        stream.Set(Watch(_ben), VideoLayer.Large);
        stream.Set(Watch(_cleo), VideoLayer.None);
        byte[] packet = Packets.One(Packets.Header());
        _forwarder.Receive(_outbox, _ada, packet);
        VideoHeader.WritePacket(packet, 1);
        Assert.Equal([(_ben, Convert.ToHexString(packet))], _outbox.Sent);
    }

    [Fact]
    public void Feedback_is_sent_when_packets_may_come_meanwhile()
    {
        Publish(VideoCodec.Jpeg);
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header()));
        var wire = new Meanwhile(() => _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(1))));
        _forwarder.Review(wire, report: true);
        Assert.Equal([true], wire.Came);
    }

    [Fact]
    public void Forged_stream_number_is_dropped_and_counted()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_cleo), VideoLayer.Large);
        _forwarder.Receive(_outbox, _ben, Packets.One(Packets.Header()));
        Assert.Empty(_outbox.Sent);
        Assert.Equal(1, _forwarder.Forged);
    }

    [Fact]
    public void Packets_of_another_codec_of_no_stream_and_of_none_are_dropped_and_counted()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_ben), VideoLayer.Large);
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(codec: VideoCodec.Vp8)));
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(stream: 2)));
        _forwarder.Receive(_outbox, _ada, "noise"u8);
        Assert.Empty(_outbox.Sent);
        Assert.Equal(3, _forwarder.Dropped);
    }

    [Fact]
    public void Watcher_of_the_small_layer_gets_only_that()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_ben), VideoLayer.Small);
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(1)));
        _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(1, layer: VideoLayer.Small)));
        Assert.Equal(1, _forwarder.Forwarded);
    }

    [Fact]
    public void Vp8_watcher_keeps_the_old_layer_until_a_key_frame_of_the_new_one_and_one_is_asked_for()
    {
        VideoStream stream = Publish(VideoCodec.Vp8);
        stream.Set(Watch(_ben), VideoLayer.Large);
        Assert.Equal("large 1", Sends(Vp8(1, key: true)));
        stream.Set(Watch(_ben), VideoLayer.Small);
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
        stream.Set(Watch(_ben), VideoLayer.Large);
        Sends(Vp8(1, key: true));
        stream.Set(Watch(_cleo), VideoLayer.Large);
        Assert.Equal("large 2", Sends(Vp8(2)));
        Assert.Equal(1, _asked);
        Assert.Equal("large 3, large 3", Sends(Vp8(3, key: true)));
    }

    [Fact]
    public void Packets_of_a_frame_leave_together_and_a_lost_end_is_not_waited_for()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_ben), VideoLayer.Large);
        List<byte[]> frame = Whole(Packets.Header(1), 4);
        foreach (byte[] packet in frame) _forwarder.Receive(_outbox, _ada, packet);
        Assert.Equal([4], _outbox.Bursts);
        foreach (byte[] packet in Whole(Packets.Header(2), 4).Take(3)) _forwarder.Receive(_outbox, _ada, packet);
        _forwarder.Flush(_outbox);
        Assert.Equal([4], _outbox.Bursts);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        _forwarder.Flush(_outbox);
        Assert.Equal([4, 3], _outbox.Bursts);
    }

    [Fact]
    public void Long_frame_leaves_in_the_sender_s_bursts_and_numbers_go_on_through_the_ring()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_ben), VideoLayer.Large);
        for (uint i = 0; i < 120; i++)
            foreach (byte[] packet in Whole(Packets.Header(i), 25)) _forwarder.Receive(_outbox, _ada, packet);
        uint[] numbers = [.. _outbox.Sent.Select(s => Read(s.Packet).Packet)];
        Assert.Equal(Enumerable.Range(1, 3000).Select(i => (uint)i), numbers);
        Assert.Equal([10, 10, 5], _outbox.Bursts.Take(3));
    }

    [Fact]
    public void Packet_that_is_asked_for_comes_again_with_its_number_within_a_second()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_ben), VideoLayer.Large);
        foreach (byte[] packet in Whole(Packets.Header(1), 4)) _forwarder.Receive(_outbox, _ada, packet);
        string third = _outbox.Sent[2].Packet;
        _outbox.Sent.Clear();
        Ask(_ben, 3, 99);
        Assert.Equal([(_ben, third)], _outbox.Sent);
        Ask(_ben, 3); // the copy is on its way
        Assert.Single(_outbox.Sent);
        _time.Advance(TimeSpan.FromSeconds(1.01));
        Ask(_ben, 4);
        Assert.Single(_outbox.Sent);
        Assert.Equal((1L, 3L), (_watchers[_ben].Resent, _watchers[_ben].Refused));
    }

    [Fact]
    public void Viewer_who_asks_for_everything_again_gets_half_as_much_as_is_sent_anyway()
    {
        Publish(VideoCodec.Jpeg).Set(Watch(_ben), VideoLayer.Large);
        for (uint i = 0; i < 100; i++)
            foreach (byte[] packet in Whole(Packets.Header(i), 4)) _forwarder.Receive(_outbox, _ada, packet);
        int sent = _outbox.Sent.Count;
        for (int i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            Ask(_ben, [.. Enumerable.Range(341, 60).Select(n => (uint)n)]);
        }
        Assert.InRange(_outbox.Sent.Count - sent, 200, 264);
    }

    [Theory]
    [InlineData("codec", "truncated vp8 key frame")]
    [InlineData("key", "a delta frame that says it is a key frame")]
    [InlineData("delta", "a key frame that says it is none")]
    [InlineData("size", "another size than in the frame")]
    [InlineData("jpeg", "a JPEG that is none")]
    [InlineData("wide", "a picture beyond the configured size")]
    public void Frame_that_is_not_what_it_says_is_counted_and_goes_nowhere(string what, string why)
    {
        bool jpeg = what is "jpeg" or "wide";
        VideoStream stream = Publish(jpeg ? VideoCodec.Jpeg : VideoCodec.Vp8);
        stream.Set(Watch(_ben), VideoLayer.Large);
        VideoHeader header = Packets.Header(1, jpeg ? VideoCodec.Jpeg : VideoCodec.Vp8);
        byte[] bytes = Packets.Bytes(header, 100);
        if (what == "codec") bytes = bytes[..9];
        if (what == "key") bytes[0] |= 1;
        if (what == "delta") header = Packets.Header(1, VideoCodec.Vp8, key: false);
        if (what == "size") bytes[6]++;
        if (what == "jpeg") bytes[1] = 0;
        if (what == "wide") header = header with { Width = 1921 };
        _forwarder.Receive(_outbox, _ada, Packets.Of(header, bytes)[0]);
        Assert.True(_outbox.Sent.Count == 0, why);
        Assert.Equal(1, _forwarder.Lies + _forwarder.Dropped);
    }

    [Fact]
    public void Packet_number_that_jumps_by_2_to_the_31_is_not_believed_and_the_stream_goes_on()
    {
        VideoStream stream = Publish(VideoCodec.Jpeg);
        stream.Set(Watch(_ben), VideoLayer.Large);
        for (uint i = 0; i < 20; i++)
            _forwarder.Receive(_outbox, _ada, Packets.One(Packets.Header(i) with { Packet = i % 2 == 0 ? i : i + 0x8000_0000 }));
        Assert.Equal(10, _outbox.Sent.Count);
        Assert.Equal(10, stream.Uplink.Gaps.Strange);
    }

    [Fact]
    public void Damaged_feedback_and_that_of_strangers_is_dropped()
    {
        _forwarder.Receive(_outbox, _ben, [0x21, 1, 0, 0]);
        Watch(_ben);
        foreach (byte[] damaged in (byte[][])[[0x21], [0x21, 0], [0x22, 0, 0], [0x21, 65, 1, 2, 3]]) _forwarder.Receive(_outbox, _ben, damaged);
        Assert.Equal(5, _forwarder.Dropped);
        Assert.Empty(_outbox.Sent);
    }

    [Fact]
    public void Thinned_vp8_loses_only_frames_that_none_needs_and_comes_back_whole_with_a_key_frame()
    {
        VideoStream stream = Publish(VideoCodec.Vp8);
        Subscription ben = stream.Of(Watch(_ben));
        ben.Plan = LayerPlan.Whole(VideoLayer.Large);
        Sends(Vp8(1, key: true));
        ben.Plan = new LayerPlan(VideoLayer.Large, 2, VideoReason.Link);
        Assert.Equal("", Sends(Vp8(2) with { Droppable = true }));
        Assert.Equal("large 3", Sends(Vp8(3) with { Back = 2 }));
        ben.Plan = new LayerPlan(VideoLayer.Large, LayerPlan.KeyFramesOnly, VideoReason.Link);
        Assert.Equal("", Sends(Vp8(4)));
        Assert.Equal("large 5", Sends(Vp8(5, key: true)));
        ben.Plan = LayerPlan.Whole(VideoLayer.Large);
        Assert.Equal("", Sends(Vp8(6)));
        Assert.InRange(_asked, 1, 2);
        Assert.Equal("large 7", Sends(Vp8(7, key: true)));
    }

    [Fact]
    public void What_is_rescaled_goes_to_those_whose_plan_says_so_and_the_original_to_the_others()
    {
        VideoStream stream = Publish(VideoCodec.Jpeg);
        stream.Of(Watch(_ben)).Plan = new LayerPlan(VideoLayer.Small, 8, VideoReason.Link) { Rescaled = true };
        stream.Set(Watch(_cleo), VideoLayer.Small);
        VideoHeader original = Packets.Header(8, layer: VideoLayer.Small), smaller = original with { Width = 160, Height = 90 };
        _forwarder.Receive(_outbox, _ada, Packets.One(original));
        Assert.Equal([_cleo], _outbox.Sent.Select(s => s.To));
        _forwarder.Pass(_outbox, stream, smaller, Packets.Bytes(smaller, 2500));
        _forwarder.Pass(_outbox, stream, smaller with { Frame = 12 }, Packets.Bytes(smaller, 2500));
        byte[][] got = [.. _outbox.Sent.Where(s => s.To == _ben).Select(s => Convert.FromHexString(s.Packet))];
        VideoHeader[] headers = [.. got.Select(p => VideoHeader.TryReadPacket(p, out VideoHeader h) ? h : default)];
        Assert.Equal([(8u, 0, 160), (8u, 1, 160), (8u, 2, 160)], headers.Select(h => (h.Frame, (int)h.Fragment, (int)h.Width)));
        Assert.Equal([1u, 2u, 3u], headers.Select(h => h.Packet));
        // When the link takes it again, the sender's own pictures go on.
        stream.Set(Watch(_ben), VideoLayer.Small);
        _forwarder.Receive(_outbox, _ada, Packets.One(original with { Frame = 13, Timestamp = 1, Packet = 1 }));
        Assert.Equal(2, _outbox.Sent.TakeLast(2).Select(s => s.To).Distinct().Count());
        // And nothing is sent any more of a camera that is off.
        _forwarder.Remove(stream);
        int before = _outbox.Sent.Count;
        _forwarder.Pass(_outbox, stream, smaller with { Frame = 16 }, Packets.Bytes(smaller, 500));
        Assert.Equal(before, _outbox.Sent.Count);
    }

    [Fact]
    public void Forwarding_allocates_nothing_per_packet()
    {
        VideoStream stream = Publish(VideoCodec.Jpeg);
        for (int i = 0; i < 20; i++) stream.Set(Watch(new Peer($"{i}", $"P{i}", "room")), i % 2 == 0 ? VideoLayer.Large : VideoLayer.Small);
        byte[] packet = Packets.One(Packets.Header());
        var nowhere = new Nowhere();
        int packets = 0;
        Assert.Equal(0, Allocated.Least(1000, () =>
        {
            _forwarder.Receive(nowhere, _ada, packet);
            packets++;
        }));
        Assert.Equal(packets * 10, _forwarder.Forwarded);
    }

    private Watcher Watch(Peer peer)
    {
        if (_watchers.TryGetValue(peer, out Watcher? known)) return known;
        var watcher = _watchers[peer] = new Watcher(peer, _time);
        _forwarder.Add(watcher);
        return watcher;
    }

    private VideoStream Publish(VideoCodec codec)
    {
        var info = new VideoStarted(_ada.Id, _ada.Name, 1, codec, 640, 360, [VideoLayer.Large, VideoLayer.Small]);
        var stream = new VideoStream(_ada, info, _ => new KeyFrameRequests(_time, () => _asked++), _time);
        _forwarder.Add(stream);
        return stream;
    }

    private static List<byte[]> Whole(VideoHeader header, int packets) =>
        Packets.Of(header, Packets.Bytes(header, packets * VideoHeader.FragmentBytes));

    private static VideoHeader Read(string packet)
    {
        Assert.True(VideoHeader.TryReadPacket(Convert.FromHexString(packet), out VideoHeader header));
        return header;
    }

    private void Ask(Peer from, params uint[] numbers)
    {
        byte[] request = new byte[VideoFeedback.MaxNackBytes];
        _forwarder.Receive(_outbox, from, request.AsSpan(0, VideoFeedback.WriteNack(request, numbers)));
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

        public List<int> Bursts { get; } = [];

        public bool TrySendMany(Peer to, ReadOnlySpan<byte> payloads, int size)
        {
            Bursts.Add((payloads.Length + size - 1) / size);
            for (; payloads.Length > 0; payloads = payloads[Math.Min(size, payloads.Length)..]) TrySend(to, payloads[..Math.Min(size, payloads.Length)]);
            return true;
        }

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

    /// <summary>At each send something is done by another thread, which is waited for.</summary>
    private sealed class Meanwhile(Action what) : IServerDatagrams
    {
        public List<bool> Came { get; } = [];

        public bool TrySend(Peer to, ReadOnlySpan<byte> payload)
        {
            Came.Add(Task.Run(what).Wait(Recorded<bool>.Patience));
            return true;
        }
    }
}
