using CsCheck;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Mix;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class MixerTests : IDisposable
{
    private readonly TestRoom _room = new();

    private static float[] Tone(double frequency, float amplitude = 0.25f) => Goertzel.Tone(frequency, AudioFormat.SampleRate, amplitude);

    [Fact]
    public void A_third_hears_both_and_nobody_hears_themselves()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b"), c = _room.Join("c");
        (a.Says, b.Says) = (Tone(440), Tone(660));
        _room.Run(50);
        foreach (TestPerson person in new[] { a, b, c }) person.Heard.Clear();
        _room.Run(100);
        Assert.True(c.Power(440) > -16 && c.Power(660) > -16, $"c: {c.Power(440):F1} dB at 440 Hz, {c.Power(660):F1} dB at 660 Hz");
        Assert.True(a.Power(660) - a.Power(440) >= 20, $"a: {a.Power(440):F1} dB at 440 Hz, {a.Power(660):F1} dB at 660 Hz");
        Assert.True(b.Power(440) - b.Power(660) >= 20, $"b: {b.Power(440):F1} dB at 440 Hz, {b.Power(660):F1} dB at 660 Hz");
    }

    [Fact]
    public void One_voice_is_as_loud_as_it_was_spoken_however_many_are_there()
    {
        TestPerson a = _room.Join("a");
        var others = Enumerable.Range(0, 5).Select(i => _room.Join($"other{i}")).ToArray();
        a.Says = Tone(440);
        _room.Run(50);
        others[0].Heard.Clear();
        _room.Run(50);
        Assert.InRange(others[0].Power(440), -13.5, -10.5); // 0.25 is -12 dB
    }

    [Fact]
    public void The_sum_of_many_loud_voices_never_clips()
    {
        var people = Enumerable.Range(0, 8).Select(i => _room.Join($"p{i}")).ToArray();
        TestPerson listener = _room.Join("listener");
        for (int i = 0; i < people.Length; i++) people[i].Says = Tone(200 + 130 * i, 0.9f);
        _room.Run(60);
        Assert.All(listener.Heard, sample => Assert.InRange(sample, -1.1f, 1.1f)); // Opus itself may overshoot a little
        Assert.True(listener.Heard.Max() > 0.4);
    }

    [Fact]
    public void Rooms_do_not_hear_each_other()
    {
        TestPerson a = _room.Join("a", "one"), b = _room.Join("b", "two");
        a.Says = Tone(440);
        _room.Run(30);
        Assert.Equal(0, b.Packets);
    }

    [Fact]
    public void Who_has_nothing_to_hear_gets_nothing()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        a.Says = Tone(440);
        _room.Run(30);
        Assert.Equal(0, a.Packets);
        Assert.True(b.Packets > 0);
    }

    [Fact]
    public void After_the_last_word_the_stream_ends()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        a.Says = Tone(440);
        _room.Run(30);
        a.Says = null;
        _room.Run(60);
        int packets = b.Packets;
        _room.Run(60);
        Assert.Equal(packets, b.Packets);
        Assert.Equal(0, b.Heard[^1]);
    }

    [Fact]
    public void Silence_is_neither_decoded_nor_sent_on()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        a.Says = new float[AudioFormat.FrameSize];
        _room.Run(30);
        Assert.True(b.Packets <= MixOutput.Hold + 3);
        int packets = b.Packets;
        _room.Run(60);
        Assert.True(b.Packets - packets <= 1 + MixOutput.Hold);
        Assert.False(_room.Mixer.Find(a.Peer)!.IsHeard);
    }

    [Fact]
    public void All_who_do_not_talk_share_one_stream()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b"), c = _room.Join("c");
        a.Says = Tone(440);
        _room.Run(30);
        Assert.Equal(b.LastStream, c.LastStream);
        b.Says = Tone(660);
        _room.Run(30);
        Assert.NotEqual(b.LastStream, c.LastStream);
        Assert.NotEqual(a.LastStream, c.LastStream);
    }

    [Fact]
    public void A_listener_who_begins_to_talk_goes_on_hearing_without_a_gap()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        a.Says = Tone(440);
        _room.Run(60);
        b.Heard.Clear();
        b.Says = Tone(660);
        _room.Run(60);
        var frames = b.Heard.Chunk(AudioFormat.FrameSize).Select(f => (int)AudioLevel.Of(f)).ToArray();
        Assert.True(frames.Max() < 35, $"levels: {string.Join(' ', frames)}");
    }

    [Fact]
    public void Ticks_allocate_nothing()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b"), c = _room.Join("c");
        (a.Says, b.Says) = (Tone(440), Tone(660));
        a.Records = b.Records = c.Records = false;
        _room.Run(300);
        Assert.Equal(0, Allocated.Least(300, () => TickWithoutEnumerators(a, b, c)));
    }

    private void TickWithoutEnumerators(TestPerson a, TestPerson b, TestPerson c)
    {
        _room.Mixer.Find(a.Peer)!.Receive(a.Sender.Frame(a.NextFrame()));
        _room.Mixer.Find(b.Peer)!.Receive(b.Sender.Frame(b.NextFrame()));
        _room.Mixer.Tick(_room);
        a.Hear();
        b.Hear();
        c.Hear();
        _room.Time.Advance(AudioFormat.FrameDuration);
    }

    [Fact]
    public void Malformed_packets_are_counted_and_ignored()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        Participant participant = _room.Mixer.Find(a.Peer)!;
        participant.Receive([1, 2, 3]);
        Assert.Equal(1, participant.Malformed);
        a.Says = Tone(440);
        _room.Run(30);
        Assert.True(b.Power(440) > -25);
    }

    [Fact]
    public void Whatever_comes_the_mix_goes_on()
    {
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        b.Records = false;
        Gen.Byte.Array[0, 700].Array[1, 20].Sample(datagrams =>
        {
            foreach (byte[] datagram in datagrams)
            {
                if (datagram.Length > 0) datagram[0] = (byte)(datagram[0] % 3);
                if (datagram.Length > 13) datagram.AsSpan(1, 7).Clear();
                _room.Mixer.Find(a.Peer)!.Receive(datagram);
            }
            _room.Tick();
        }, iter: 500, threads: 1);
    }

    [Fact]
    public void Speech_survives_a_bad_network()
    {
        const int seed = 20;
        TestPerson a = _room.Join("a"), b = _room.Join("b");
        float[] tone = Tone(440);
        a.Says = tone;
        var random = new Random(seed);
        var late = new Queue<byte[]>();
        for (int i = 0; i < 500; i++)
        {
            byte[] packet = a.Sender.Frame(a.NextFrame()).ToArray();
            double fate = random.NextDouble();
            if (fate > 0.2) _room.Mixer.Find(a.Peer)!.Receive(packet);
            if (fate > 0.95) _room.Mixer.Find(a.Peer)!.Receive(packet);
            if (late.TryDequeue(out byte[]? delayed)) _room.Mixer.Find(a.Peer)!.Receive(delayed);
            if (fate is > 0.1 and < 0.2) late.Enqueue(packet);
            _room.Tick();
        }
        int silent = b.Heard.Skip(20 * AudioFormat.FrameSize).Chunk(AudioFormat.FrameSize).Count(f => AudioLevel.Of(f) > 40);
        Assert.True(silent < 25, $"seed {seed}: {silent} of 480 frames are silent");
    }

    public void Dispose() => _room.Dispose();
}
