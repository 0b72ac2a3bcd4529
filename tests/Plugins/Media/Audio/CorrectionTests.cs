using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Lost frames are made good from the copies in the packets after them.</summary>
public sealed class CorrectionTests
{
    private const double Frame = AudioFormat.FrameMilliseconds;

    private readonly PlayoutBuffer _buffer = new(new PlayoutDelay(first: 60, most: 240), streams: 1);
    private readonly PlayoutTick _tick = new(1);
    private double _now;

    private static AudioPacket Packet(uint number) => new(AudioKind.Frame, 1, number, number * AudioFormat.FrameSize, 20);

    private Arrival Push(uint number) => _buffer.Push(Packet(number), [(byte)number], _now);

    private void PushCopy(uint number) => _buffer.PushCopy(Packet(number), [(byte)number]);

    private string Take()
    {
        _buffer.Take(_tick, _now);
        _now += Frame;
        return _tick.Kind == Playout.Frame ? $"{_tick[0].Opus[0]}" : _tick.Kind.ToString().ToLowerInvariant();
    }

    private void PushWithCopies(params ReadOnlySpan<uint> numbers)
    {
        foreach (uint number in numbers)
        {
            Push(number);
            if (number > 1) PushCopy(number - 1);
        }
    }

    [Fact]
    public void A_lost_frame_is_played_from_the_copy_after_it()
    {
        PushWithCopies(1, 3, 4);
        _now += 60;
        Assert.Equal(["1", "2", "3", "4"], [Take(), Take(), Take(), Take()]);
        Assert.Equal(1, _buffer.Corrected);
        Assert.Equal(0, _buffer.Concealed);
        Assert.True(_buffer.Delay.Lossy);
    }

    [Fact]
    public void Copies_of_what_has_come_or_was_played_are_nothing_new()
    {
        PushWithCopies(1, 2, 3);
        _now += 60;
        Assert.Equal(["1", "2"], [Take(), Take()]);
        PushCopy(1);
        Assert.Equal("3", Take());
        Assert.Equal((0L, 0L, 0L), (_buffer.Corrected, _buffer.Duplicates, _buffer.Late));
    }

    [Fact]
    public void A_packet_that_comes_after_its_copy_is_neither_lost_nor_a_duplicate()
    {
        PushWithCopies(1, 3);
        Assert.Equal(Arrival.Stored, Push(2));
        Assert.Equal(Arrival.Duplicate, Push(2));
        _now += 60;
        Assert.Equal(["1", "2", "3"], [Take(), Take(), Take()]);
        Assert.Equal((0L, 1L), (_buffer.Corrected, _buffer.Duplicates));
    }

    [Fact]
    public void The_first_frame_of_a_spurt_comes_back_from_its_copy()
    {
        PushWithCopies(2, 3);
        _now += 80;
        Assert.Equal(["1", "2", "3"], [Take(), Take(), Take()]);
    }

    [Fact]
    public void A_copy_alone_begins_nothing()
    {
        PushCopy(1);
        _now += 100;
        Assert.Equal("silence", Take());
    }

    [Fact]
    public void Copies_are_sent_while_loss_is_reported_and_ten_seconds_longer()
    {
        var time = new FakeTimeProvider();
        var correction = new Correction(time);
        correction.Note(0.01);
        Assert.False(correction.IsOn);
        correction.Note(0.02);
        Assert.True(correction.IsOn);
        correction.Note(0.005);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(correction.IsOn);
        correction.Note(0);
        time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.True(correction.IsOn);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.False(correction.IsOn);
        correction.Note(0);
        Assert.False(correction.IsOn);
    }

    [Fact]
    public void Only_frames_that_follow_one_another_carry_copies()
    {
        using var sender = new OpusSender(new LibOpus().CreateEncoder(32_000, 5)) { Corrects = true };
        float[] tone = Goertzel.Tone(440, AudioFormat.FrameSize);
        Assert.False(HasCopy(sender.Frame(tone)));
        Assert.True(HasCopy(sender.Frame(tone, last: true)));
        Assert.False(HasCopy(sender.Frame(tone)));
        sender.Pause();
        Assert.False(HasCopy(sender.Frame(tone)));
        Assert.True(HasCopy(sender.Frame(tone)));
        sender.Corrects = false;
        Assert.False(HasCopy(sender.Frame(tone)));
    }

    [Fact]
    public void Who_loses_nothing_gets_the_shared_mix_without_copies()
    {
        using var room = new TestRoom();
        TestPerson talker = room.Join("talker"), good = room.Join("good"), bad = room.Join("bad");
        talker.Says = Goertzel.Tone(440, AudioFormat.SampleRate);
        room.Mixer.Find(bad.Peer)!.Listener.Loss = 0.1;
        room.Run(50);
        Assert.Equal(good.Packets, bad.Packets);
        Assert.Equal(good.LastStream, bad.LastStream);
        Assert.True(bad.Bytes > 1.7 * good.Bytes, $"{bad.Bytes} and {good.Bytes} bytes");
        Assert.True(good.Power(440) > -20 && bad.Power(440) > -20);
    }

    private static bool HasCopy(ReadOnlySpan<byte> packet)
    {
        Assert.True(AudioPacket.TryRead(packet, out _, out _, out ReadOnlySpan<byte> copy));
        return !copy.IsEmpty;
    }
}
