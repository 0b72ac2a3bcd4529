using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Timing;
using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Timing;

/// <summary>
/// The whole arithmetic in simulated time: a voice and a camera whose clocks begin anywhere, ways with jitter, the hub's playout buffer and mix clock, the viewer's playout. What comes
/// out must be by how much the sound is really later than the quickest picture.
/// </summary>
public class LipSyncTests
{
    private const int Seed = 7, Frame = 960;
    private const double Bound = 20; // ms; the aim for the whole is 80

    [Theory]
    [InlineData(4, 3, 12, 20, 0)]
    [InlineData(40, 3, 60, 90, 0)]
    [InlineData(4, 150, 12, 20, 0)] // pictures that take longer than sound
    [InlineData(8, 6, 40, 40, 60)] // pictures with jitter
    public void Lag_is_what_sound_is_later_than_the_quickest_picture(int soundWay, int pictureWay, int hubHolds, int viewerHolds, int jitter)
    {
        var call = new Call(soundWay, pictureWay, hubHolds, viewerHolds, jitter);
        call.Run(TimeSpan.FromSeconds(6));
        Assert.Equal(call.Truth, call.Lips.Told, tolerance: Bound);
    }

    [Fact]
    public void A_playout_buffer_that_grows_is_followed_within_a_second()
    {
        var call = new Call(4, 3, 12, 20, 0);
        call.Run(TimeSpan.FromSeconds(4));
        call.HubHolds = 92;
        call.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(call.Truth, call.Lips.Told, tolerance: Bound);
        Assert.InRange(call.Lips.Told, 100, 180);
    }

    [Fact]
    public void Nothing_is_told_of_who_is_not_heard_or_names_absurd_moments()
    {
        var time = new FakeTimeProvider();
        var mix = new PlayedClock(time);
        var lips = new LipSync(time, mix) { Known = new Sync("a", 1, 90_000, 48_000) };
        lips.Note(90_000);
        Assert.Null(lips.Changed());
        mix.Note(48_000 * 10);
        Assert.Null(lips.Changed());
        mix.Note(48_000 - 4800);
        Assert.Equal(100, lips.Changed());
        Assert.Null(lips.Changed());
    }

    [Fact]
    public void Hub_tells_again_only_what_is_no_longer_true()
    {
        var relay = new SyncRelay();
        var info = new VideoStarted("a", "Ada", 3, VideoCodec.Vp8, 640, 360, [VideoLayer.Large]);
        Assert.Null(relay.News(info, (1000, 5000)));
        relay.Sent = new SyncSent(3, 90_000, 4000);
        Assert.Null(relay.News(info, null));
        Assert.Equal(new Sync("a", 3, 90_000, 8000), relay.News(info, (1000, 5000)));
        // A second later, the same relation, all clocks wrapped around.
        relay.Sent = new SyncSent(3, 180_000, 52_000);
        Assert.Null(relay.News(info, (1000, 5000)));
        Assert.Null(relay.News(info, (1000, 5200)));
        Assert.Equal(new Sync("a", 3, 180_000, 56_960), relay.News(info, (1000, 5960)));
        relay.Sent = new SyncSent(3, 180_000, 52_000 + (48_000 * 60));
        Assert.Null(relay.News(info, (1000, 5960)));
    }

    /// <summary>One talker with a camera, the hub, one viewer; a step is a millisecond.</summary>
    private sealed class Call
    {
        private const uint FirstSample = 4_294_900_000, FirstTick = 123_456_789, FirstMix = 777_777;

        private readonly FakeTimeProvider _time = new();
        private readonly Random _random = new(Seed);
        private readonly ArrivalClock _voice, _camera;
        private readonly PlayedClock _mix;
        private readonly SyncRelay _relay = new();
        private readonly VideoStarted _info = new("a", "Ada", 1, VideoCodec.Vp8, 640, 360, [VideoLayer.Large]);
        private readonly PriorityQueue<Action, int> _coming = new();
        private readonly int _soundWay, _pictureWay, _viewerHolds, _jitter;
        private (uint, uint)? _played;
        private int _now;

        public Call(int soundWay, int pictureWay, int hubHolds, int viewerHolds, int jitter)
        {
            (_soundWay, _pictureWay, HubHolds, _viewerHolds, _jitter) = (soundWay, pictureWay, hubHolds, viewerHolds, jitter);
            _voice = new ArrivalClock(_time, 48_000, TimeSpan.FromSeconds(1));
            _camera = new ArrivalClock(_time, LipSync.Rate, TimeSpan.FromSeconds(1));
            _mix = new PlayedClock(_time);
            Lips = new LipSync(_time, _mix);
        }

        public LipSync Lips { get; }

        /// <summary>From a sample's arrival at the hub to its place in the mix, in ms.</summary>
        public int HubHolds { get; set; }

        /// <summary>From capture to the speaker, less from capture to the page, in ms. A sample waits in its frame until that is full.</summary>
        public double Truth => 20 + _soundWay + HubHolds + _viewerHolds - _pictureWay;

        public void Run(TimeSpan time)
        {
            for (int end = _now + (int)time.TotalMilliseconds; _now < end; _now++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                if (_now % 20 == 0) Speak();
                if (_now % 33 == 0) Film();
                if (_now % 1000 == 500 && _camera.Present is { } video && _voice.Present is { } audio) _relay.Sent = new SyncSent(1, video, audio);
                while (_coming.TryPeek(out Action? happens, out int at) && at <= _now)
                {
                    _coming.Dequeue();
                    happens();
                }
                if (_now % 200 != 0) continue;
                if (_relay.News(_info, _played) is { } news) Lips.Known = news;
                Lips.Changed();
            }
        }

        // A frame is captured: it is in the mix when the hub has held it, and is played when the viewer has held the mix.
        private void Speak()
        {
            uint end = FirstSample + (uint)(_now * 48);
            _voice.Note(end);
            int mixed = _now + _soundWay + HubHolds;
            uint mix = FirstMix + (uint)(mixed * 48);
            After(mixed, () => _played = (end, mix + Frame));
            After(mixed + _viewerHolds + _random.Next(3), () => _mix.Note(mix));
        }

        private void Film()
        {
            uint timestamp = FirstTick + (uint)(_now * 90);
            _camera.Note(timestamp);
            After(_now + _pictureWay + _random.Next(_jitter + 1), () => Lips.Note(timestamp));
        }

        private void After(int at, Action happens) => _coming.Enqueue(happens, at);
    }
}
