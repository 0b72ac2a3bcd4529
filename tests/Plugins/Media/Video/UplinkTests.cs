using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faults;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>A camera whose own link towards the hub is narrow.</summary>
public sealed class UplinkTests(ITestOutputHelper output)
{
    private static readonly VideoLayer[] All = [VideoLayer.Hd, VideoLayer.Large, VideoLayer.Small];
    private static readonly VideoStarted Vp8 = new("a", "Ada", 1, VideoCodec.Vp8, 1280, 720, All);

    [Theory]
    [InlineData(double.PositiveInfinity, 2)]
    [InlineData(990_000, 2)]
    [InlineData(989_000, 0)]
    [InlineData(440_000, 0)]
    [InlineData(439_000, 1)]
    [InlineData(0, 1)]
    public void Layer_is_the_largest_that_gets_half_its_usual_bits(double bits, int most) => Assert.Equal((VideoLayer)most, UplinkPlan.Most(Vp8, bits));

    [Fact]
    public void Bitrate_is_told_only_when_the_usual_one_does_not_fit()
    {
        Assert.Null(UplinkPlan.Bitrate(Vp8, All, double.PositiveInfinity));
        Assert.Null(UplinkPlan.Bitrate(Vp8, [VideoLayer.Large], 800_000));
        Assert.Equal(540_000, UplinkPlan.Bitrate(Vp8, [VideoLayer.Large], 600_000));
        Assert.Equal(50_000, UplinkPlan.Bitrate(Vp8, [VideoLayer.Small], 1000));
        Assert.True(UplinkPlan.IsAlike(540_000, 500_000) && UplinkPlan.IsAlike(null, null));
        Assert.False(UplinkPlan.IsAlike(540_000, 400_000) || UplinkPlan.IsAlike(540_000, null) || UplinkPlan.IsAlike(null, 540_000));
    }

    [Fact]
    public void Budget_leaves_pictures_out_until_what_was_sent_is_paid_for()
    {
        var time = new FakeTimeProvider();
        var budget = new BitBudget(time);
        int sent = 0;
        for (int i = 0; i < 300; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1 / 30.0));
            if (!budget.Takes(400_000)) continue;
            sent++;
            budget.Spend(12_500); // a quarter of a second's bits
        }
        Assert.InRange(sent, 40, 42);
        Assert.True(budget.Takes(null));
    }

    [Fact]
    public async Task Hub_tells_the_sender_what_to_send_and_the_viewers_get_a_layer_that_comes()
    {
        await using var hub = new InMemoryHub(new Dictionary<string, string?> { ["HighCpu"] = "100", ["HighDelay"] = "1000" }); // what else runs here is no reason to scale down
        await hub.Server.StartAsync(new MediaServer(hub.Log, TimeProvider.System));
        Peer ada = hub.NewPeer("Ada");
        hub.Sessions.Add(ada);
        TestClientContext ben = hub.NewClient("Ben", new Dictionary<string, string?> { ["Camera"] = "none", ["Microphone"] = "none", ["Speaker"] = "none" });
        await ben.StartAsync(new MediaClient(hub.Log, TimeProvider.System));
        await ben.JoinAs("Ben", "room");
        var wanted = new Recorded<VideoWanted>("what is wanted");
        await using InMemoryChannel raw = hub.Server.Accept(MediaMessages.Service, ada, ada, 1 << 16, System.Net.IPAddress.Loopback);
        MessageChannel channel = new MessageChannel(raw, MediaMessages.Set, hub.Log).On((VideoWanted w) => wanted.Add(w));
        using var stop = new CancellationTokenSource();
        Task running = channel.RunAsync(stop.Token);
        VideoGranted granted = await channel.RequestAsync<VideoGranted>(new VideoOn(VideoCodec.Vp8, 640, 360, [VideoLayer.Large, VideoLayer.Small]), stop.Token);
        await wanted.WaitAsync(w => w is { Bitrate: null, Layers: [VideoLayer.Large] });
        channel.TryPost(new VideoUplink(granted.Stream + 1, 1));
        channel.TryPost(new VideoUplink(granted.Stream, 600_000));
        await wanted.WaitAsync(w => w is { Bitrate: 540_000, Layers: [VideoLayer.Large] });
        channel.TryPost(new VideoUplink(granted.Stream, 120_000));
        await wanted.WaitAsync(w => w is { Bitrate: 100_000, Layers: [VideoLayer.Small] });
        await ben.Page.WaitAsync<VideoLayerChosen>(c => c.Id == ada.Id && c.Layer == VideoLayer.Small);
        channel.TryPost(new VideoUplink(granted.Stream));
        await wanted.UntilAsync(all => all[^1] is { Bitrate: null, Layers: [VideoLayer.Large, ..] });
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public void Narrow_uplink_settles_within_three_seconds_and_comes_back_within_ten()
    {
        var call = new Call(output);
        call.Run(5);
        Assert.Equal((VideoLayer.Large, null), (call.Largest, call.Bitrate));
        call.Limit = 500_000 / 8;
        call.Run(3);
        call.Run(12, "500 kbit/s");
        Assert.InRange(call.InTime, 0.8, 1);
        Assert.InRange(call.LongestFreeze, 0, 1);
        call.Limit = 0;
        double back = 0;
        for (; (call.Largest != VideoLayer.Large || call.Bitrate is not null) && back < 30; back += 0.2) call.Run(0.2);
        output.WriteLine($"back after {back:0.0} s");
        Assert.InRange(back, 0, 10);
    }

    /// <summary>
    /// A page that encodes what it is told, its daemon's hop, a link, the hub's end of it, in simulated time. Both layers are wanted, 30 pictures a second.
    /// </summary>
    private sealed class Call
    {
        private const int Seed = 20;
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1), InTimeIs = TimeSpan.FromMilliseconds(200);
        private static readonly VideoStarted Info = new("a", "Ada", 1, VideoCodec.Vp8, 640, 360, [VideoLayer.Large, VideoLayer.Small]);

        private readonly FakeTimeProvider _time = new();
        private readonly ITestOutputHelper _output;
        private readonly Hop _hop;
        private readonly PacketHistory _history = new(1024);
        private readonly HopReceiver _hub;
        private readonly SimulatedLink _up, _back;
        private readonly Dictionary<uint, int> _missing = []; // packets of a picture that have not come
        private TimeSpan _now, _shownAt;
        private uint _frame;
        private int _taken, _inTime;
        private VideoLayer[] _layers = [];

        public Call(ITestOutputHelper output)
        {
            _output = output;
            (_hop, _hub) = (new Hop(_time), new HopReceiver(_time));
            var options = new FaultOptions { Seed = Seed, Latency = TimeSpan.FromMilliseconds(10) };
            _up = new SimulatedLink(options, Direction.ToServer, Arrive);
            _back = new SimulatedLink(options, Direction.ToClient, Hear);
        }

        public long Limit { set => _up.BytesPerSecond = value; }
        public int? Bitrate { get; private set; }
        public VideoLayer Largest => _layers[0];
        public double InTime => (double)_inTime / _taken;
        public double LongestFreeze { get; private set; }

        public void Run(double seconds, string? name = null)
        {
            (_taken, _inTime, LongestFreeze) = (0, 0, 0);
            for (TimeSpan end = _now + TimeSpan.FromSeconds(seconds); _now < end; _now += Step)
            {
                int ms = (int)_now.TotalMilliseconds;
                if (ms % 200 == 0) Plan();
                if (ms * 3 / 100 != (ms - 1) * 3 / 100 || ms == 0) Take();
                _up.Deliver(_now);
                _back.Deliver(_now);
                if (ms % 10 == 0) _hub.Review(ms % 200 == 0, TimeSpan.FromMilliseconds(20), Send);
                _time.Advance(Step);
            }
            if (name is not null) _output.WriteLine($"{name}: {InTime:P0} in time, longest freeze {LongestFreeze:0.00} s, {string.Join('+', _layers)} at {Bitrate?.ToString() ?? "usual"}");
        }

        private void Plan()
        {
            VideoLayer most = UplinkPlan.Most(Info, _hop.Link.Bits);
            _layers = [.. Info.Layers.Where(l => Layers.HeightOf(l) <= Layers.HeightOf(most))];
            Bitrate = UplinkPlan.Bitrate(Info, _layers, _hop.Link.Bits);
        }

        // The layers one after the other, in one picture's packets.
        private void Take()
        {
            double usual = _layers.Sum(l => Layers.UsualBits(Info.Codec, l)), bits = Bitrate ?? usual;
            var header = new VideoHeader(Info.Codec, VideoLayer.Large, Key: false, 1, ++_frame, (uint)(_now.TotalSeconds * 90_000), 0, 1, 640, 360);
            List<byte[]> packets = Packets.Of(header, Packets.Bytes(header, (int)(bits / 8 / 30)));
            _missing[_frame] = packets.Count;
            _taken++;
            foreach (byte[] packet in packets)
            {
                uint serial = _history.Next;
                _history.Append(packet);
                _hop.Number(_history, serial, 1, _time.GetTimestamp());
                _up.Send(_history[serial], _now);
            }
        }

        private void Arrive(byte[] packet)
        {
            Assert.True(VideoHeader.TryReadPacket(packet, out VideoHeader header));
            if (!_hub.Note(header.Packet) || !_missing.ContainsKey(header.Frame) || --_missing[header.Frame] > 0) return;
            _missing.Remove(header.Frame);
            LongestFreeze = Math.Max(LongestFreeze, (_now - _shownAt).TotalSeconds);
            _shownAt = _now;
            if (_now - TimeSpan.FromSeconds(header.Timestamp / 90_000.0) <= InTimeIs) _inTime++;
        }

        private bool Send(ReadOnlySpan<byte> feedback)
        {
            _back.Send(feedback, _now);
            return true;
        }

        private void Hear(byte[] feedback)
        {
            uint[] asked = new uint[VideoFeedback.MaxItems * 17];
            if (VideoFeedback.TryReadReport(feedback, out ReceiverReport report)) _hop.Report(report);
            else if (VideoFeedback.ReadNack(feedback, asked) is > 0 and var count) _hop.Resend(asked.AsSpan(0, count), again =>
            {
                _up.Send(again, _now);
                return true;
            });
        }
    }
}
