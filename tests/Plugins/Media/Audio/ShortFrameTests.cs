using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Somebody who sends frames of 10 ms into a room of 20 ms.</summary>
public class ShortFrameTests
{
    private const double Quick = 440, Usual = 660;

    private static readonly float[] QuickTone = Goertzel.Tone(Quick, AudioFormat.SampleRate);

    [Fact]
    public void Frames_of_10_and_of_20_ms_are_heard_side_by_side_without_gaps()
    {
        using var room = new TestRoom();
        TestPerson quick = room.Join("Quick", FrameShape.Short), usual = room.Join("Usual");
        usual.Says = Goertzel.Tone(Usual, AudioFormat.SampleRate);
        Talk(room, quick, seconds: 4, lost: _ => false);
        AssertSteady(usual, Quick);
        AssertSteady(quick, Usual);
        Assert.Equal((0, 0, 0), room.Mixer.Find(quick.Peer)!.Counters);
        Assert.True(usual.Power(Usual) < -60 && quick.Power(Quick) < -60, "somebody hears themselves");
    }

    [Fact]
    public void Short_frames_are_held_back_for_less_time()
    {
        // From the arrival of a beat's last sample to the beat; the clocks of both stand at all angles to the hub's.
        double Delay(FrameShape shape, int angle)
        {
            using var room = new TestRoom();
            TestPerson talker = room.Join("Talker", shape);
            TestPerson listener = room.Join("Listener");
            listener.Listens = false;
            room.Time.Advance(TimeSpan.FromMilliseconds(angle));
            for (int millisecond = 0, heard = 0; ; millisecond++)
            {
                if (millisecond > 0 && millisecond % shape.Milliseconds == 0)
                    room.Mixer.Find(talker.Peer)!.Receive(talker.Sender.Frame(QuickTone.AsSpan(millisecond * 48 % 24_000, shape.Samples)));
                if ((millisecond + angle) % AudioFormat.FrameMilliseconds == 0) room.Mixer.Tick(room);
                if (listener.Packets > 50 && heard++ == 0) return room.Mixer.Find(talker.Peer)!.Held;
                room.Time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        double[] usual = [.. Enumerable.Range(0, 20).Select(angle => Delay(FrameShape.Mono, angle))], quick = [.. Enumerable.Range(0, 20).Select(angle => Delay(FrameShape.Short, angle))];
        Assert.True(quick.Average() < usual.Average() - 3, $"{quick.Average():0.0} ms against {usual.Average():0.0}");
    }

    [Fact]
    public void A_lost_short_frame_is_played_from_the_copy_in_the_next_one()
    {
        using var room = new TestRoom();
        TestPerson quick = room.Join("Quick", FrameShape.Short), usual = room.Join("Usual");
        quick.Sender.Corrects = true;
        Talk(room, quick, seconds: 2, lost: number => number % 9 == 8);
        usual.Heard.Clear();
        long before = room.Mixer.Find(quick.Peer)!.Counters.Concealed;
        Talk(room, quick, seconds: 4, lost: number => number % 9 == 8);
        Assert.InRange(room.Mixer.Find(quick.Peer)!.Corrected, 50, 80);
        Assert.InRange(room.Mixer.Find(quick.Peer)!.Counters.Concealed - before, 0, 2);
        AssertSteady(usual, Quick);
    }

    [Fact]
    public void Somebody_who_changes_the_length_of_their_frames_is_heard_on()
    {
        using var room = new TestRoom();
        TestPerson changing = room.Join("Changing"), listener = room.Join("Listener");
        using var quick = new OpusSender(new LibOpus().CreateEncoder(32_000, 5));
        changing.Says = QuickTone;
        room.Run(50);
        changing.Says = null;
        for (int half = 0; half < 100; half++)
        {
            room.Mixer.Find(changing.Peer)!.Receive(quick.Frame(QuickTone.AsSpan(half * 480 % 24_000, 480)));
            if (half % 2 == 1) room.Tick();
        }
        listener.Heard.RemoveRange(0, 80 * AudioFormat.FrameSize);
        AssertSteady(listener, Quick, skipped: 0);
        Assert.Equal(0, room.Mixer.Find(changing.Peer)!.Corrupt);
    }

    private static void Talk(TestRoom room, TestPerson quick, int seconds, Func<int, bool> lost)
    {
        for (int number = 0; number < 100 * seconds; number++)
        {
            ReadOnlySpan<byte> packet = quick.Sender.Frame(QuickTone.AsSpan(number % 100 * 480, 480));
            if (!lost(number)) room.Mixer.Find(quick.Peer)!.Receive(packet);
            if (number % 2 == 1) room.Run(1);
        }
    }

    /// <summary>In every tenth of a second the tone is there.</summary>
    private static void AssertSteady(TestPerson person, double tone, int skipped = 10)
    {
        float[][] windows = [.. person.Heard.Chunk(4800).Skip(skipped).Where(window => window.Length == 4800)];
        Assert.NotEmpty(windows);
        Assert.All(windows, window => Assert.InRange(Goertzel.Power(window, tone), -14, -10.5));
    }
}
