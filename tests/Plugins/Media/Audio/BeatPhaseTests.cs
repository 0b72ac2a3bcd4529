using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Mix;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class BeatPhaseTests(ITestOutputHelper output)
{
    [Fact]
    public void What_waits_less_than_a_frame_too_long_is_shifted_and_what_is_in_time_is_left_alone()
    {
        Assert.Equal(12.5, AskAfter(held: 19, needed: 6.5));
        Assert.Equal(12.5, AskAfter(held: 59, needed: 6.5)); // the whole frames go away at the buffer
        Assert.Equal(0, AskAfter(held: 8, needed: 6.5));
        Assert.Equal(0, AskAfter(held: 5, needed: 6.5));
        Assert.Equal(-6, AskAfter(held: 14, needed: 20));
        Assert.Equal(0, AskAfter(held: 2, needed: 20)); // so much is made up by the buffer
    }

    [Fact]
    public void Nobody_is_asked_before_enough_is_known_or_again_before_the_shift_may_be_seen()
    {
        var phase = new BeatPhase();
        for (int i = 0; i < 39; i++) phase.Note((16.5, 6.5));
        phase.Note(null);
        Assert.Equal(0, phase.Ask());
        phase.Note((16.5, 6.5));
        Assert.Equal(10, phase.Ask());
        for (int i = 0; i < 125 + 160 + 39; i++) phase.Note((16.5, 6.5));
        Assert.Equal(0, phase.Ask());
        phase.Note((16.5, 6.5));
        Assert.Equal(10, phase.Ask());
    }

    [Fact]
    public void A_source_that_can_only_leap_goes_back_to_where_it_was_in_time_and_is_left_there()
    {
        var phase = new BeatPhase();
        double held = 14.5; // 8 more than needed, but a shift makes it 12 too few
        var asked = new List<double>();
        for (int beat = 1; beat < 50 * 120; beat++)
        {
            phase.Note((held, 6.5));
            if (beat % 50 != 0 || phase.Ask() is var early && early == 0) continue;
            asked.Add(early);
            held -= Math.Sign(early) * 20;
        }
        Assert.Equal([8, -12], asked);
        Assert.Equal(14.5, held);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 0, false)]
    [InlineData(8, 0, true)]
    [InlineData(0, 200, true)] // ppm between sound card and hub
    [InlineData(8, -200, false)]
    public void Frames_of_several_talkers_come_just_before_the_beat_and_nothing_is_made_up(double jitter, double ppm, bool talks)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var hall = new Hall(seed, talkers: 5, jitter, ppm, talks);
        hall.Run(TimeSpan.FromSeconds(20));
        long before = hall.MadeUp;
        List<double> waits = hall.Waits(TimeSpan.FromSeconds(25));
        output.WriteLine($"beyond what is needed: {waits.Min():F1} to {waits.Max():F1} ms, middle {waits.Order().ElementAt(waits.Count / 2):F1}; asked {hall.Asked} times");
        double room = jitter > 0 ? 5 : 1; // what is needed is known so well
        Assert.InRange(waits.Min(), -3 - room, 4 + room);
        Assert.InRange(waits.Max(), -3 - room, 4 + room);
        Assert.Equal(before, hall.MadeUp);
        Assert.InRange(hall.Asked, 1, 5 * 9);
    }

    [Fact]
    public void Who_does_not_follow_is_heard_as_before()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var hall = new Hall(seed, talkers: 3, jitter: 0, ppm: 0, talks: true) { Follows = false };
        hall.Run(TimeSpan.FromSeconds(10));
        long before = hall.MadeUp;
        Assert.All(hall.Waits(TimeSpan.FromSeconds(20)), wait => Assert.InRange(wait, -1, 22));
        Assert.Equal(before, hall.MadeUp);
    }

    private static double AskAfter(double held, double needed)
    {
        var phase = new BeatPhase();
        for (int i = 0; i < 50; i++) phase.Note((held + (i % 3), needed));
        return phase.Ask();
    }

    /// <summary>Talkers whose frames end anywhere between the hub's beats, simulated time, real codecs.</summary>
    private sealed class Hall : IServerDatagrams, IDisposable
    {
        private readonly FakeTimeProvider _time = new();
        private readonly LibOpus _codec = new();
        private readonly Mixer _mixer;
        private readonly List<Talker> _talkers = [];
        private readonly PriorityQueue<Action, double> _events = new();
        private readonly Random _random;
        private readonly double _jitter, _rate; // ms, samples a second
        private double _now; // ms
        private int _beats;
        private List<double>? _waits;

        public Hall(int seed, int talkers, double jitter, double ppm, bool talks)
        {
            (_random, _jitter, _rate) = (new Random(seed), jitter, AudioFormat.SampleRate * (1 + (ppm / 1e6)));
            _mixer = new Mixer(_codec, new MediaOptions(), _time);
            for (int i = 0; i < talkers; i++) Join(i, talks);
            At(20, Beat);
        }

        public bool Follows { get; init; } = true;

        public int Asked { get; private set; }

        public long MadeUp => _talkers.Sum(t => t.Person.Counters.Concealed + t.Person.Counters.Late);

        public void Run(TimeSpan duration)
        {
            double end = _now + duration.TotalMilliseconds;
            while (_events.TryPeek(out _, out double at) && at <= end)
            {
                Action next = _events.Dequeue();
                _time.Advance(TimeSpan.FromMilliseconds(Math.Max(0, at - _now)));
                _now = Math.Max(_now, at);
                next();
            }
        }

        /// <summary>How long each frame was held beyond what was needed.</summary>
        public List<double> Waits(TimeSpan duration)
        {
            _waits = [];
            Run(duration);
            return _waits;
        }

        public bool TrySend(Peer to, ReadOnlySpan<byte> payload) => true;

        private void At(double time, Action action) => _events.Enqueue(action, time);

        private void Join(int number, bool talks)
        {
            var peer = new Peer($"{number}", $"{number}", "hall");
            _mixer.Add(peer);
            var talker = new Talker(_mixer.Find(peer)!, new OpusSender(_codec.CreateEncoder(32_000, 0, 1)), 300 + (number * 100), talks ? 0.3f : 0.002f);
            _talkers.Add(talker);
            At(20 * _random.NextDouble(), () => Speak(talker, 0));
        }

        private void Speak(Talker talker, int samples)
        {
            if (samples > 0)
            {
                byte[] packet = talker.Frame(samples);
                At(_now + 1 + (_jitter * _random.NextDouble()), () => talker.Person.Receive(packet));
            }
            int next = AudioFormat.FrameSize + talker.Shift.Next();
            At(_now + (next * 1000 / _rate), () => Speak(talker, next));
        }

        private void Beat()
        {
            _mixer.Tick(this);
            if (_waits is not null)
                foreach (Talker talker in _talkers)
                    if (talker.Person.Waits is { } waits) _waits.Add(waits.Held - waits.Needed);
            if (++_beats % 50 == 0) Ask();
            At(20.0 * (_beats + 1), Beat);
        }

        private void Ask()
        {
            foreach (Talker talker in _talkers)
            {
                double early = talker.Person.AskShift();
                if (early == 0) continue;
                Asked++;
                if (Follows) At(_now + 5, () => talker.Shift.Ask(early));
            }
        }

        public void Dispose()
        {
            _mixer.Dispose();
            foreach (Talker talker in _talkers) talker.Sender.Dispose();
        }
    }

    private sealed record Talker(Participant Person, OpusSender Sender, double Hertz, float Loudness)
    {
        private readonly float[] _frame = new float[AudioFormat.FrameSize], _source = new float[AudioFormat.FrameSize + FrameShift.Most];
        private int _spoken;

        public FrameShift Shift { get; } = new();

        public byte[] Frame(int samples)
        {
            for (int i = 0; i < samples; i++) _source[i] = Loudness * MathF.Sin((float)(2 * Math.PI * Hertz * _spoken++ / AudioFormat.SampleRate));
            Shift.Fit(_source.AsSpan(0, samples), _frame, 1);
            return Sender.Frame(_frame).ToArray();
        }
    }
}
