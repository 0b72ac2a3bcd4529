using LanCollab.Plugins.Media.Audio;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Listeners are moved between the shared mix and their own while a steady tone goes on: nobody must hear it.</summary>
public sealed class SwitchTests
{
    private const double Tone = 440;
    private const float Whisper = 1e-4f; // loud enough to be heard by the mixer, too quiet to matter beside a tone

    [Fact]
    public void Who_begins_and_ends_to_talk_hears_no_click()
    {
        using var room = new TestRoom(o => o.Loudest = 0);
        TestPerson ada = Speaker(room), ben = room.Join("ben");
        room.Run(100);
        ben.Heard.Clear();
        for (int round = 0; round < 10; round++) Whispers(room, ben, 20 + round, 60 + 3 * round);
        Assert.True(Click.Peak(ben.Heard) < -40, $"{Click.Peak(ben.Heard):F1} dBFS");
        Assert.InRange(ben.Power(Tone), -13, -11);
    }

    [Fact]
    public void A_thousand_people_join_and_leave_the_talk_at_random_and_nobody_hears_a_click()
    {
        const int seed = 1000, people = 1000, ears = 10, frames = 300;
        var random = new Random(seed);
        using var room = new TestRoom();
        Speaker(room);
        TestPerson[] crowd = [.. Enumerable.Range(0, people).Select(i => room.Join($"p{i}"))];
        foreach (TestPerson person in crowd[ears..]) person.Listens = false;
        room.Run(50);
        foreach (TestPerson person in crowd) person.Heard.Clear();
        for (int frame = 0; frame < frames; frame++)
        {
            foreach (TestPerson person in crowd[..ears]) Toggle(person, random, 0.04, 2 * Whisper);
            for (int i = 0; i < 3; i++) Toggle(crowd[random.Next(ears, people)], random, 1, Whisper);
            room.Run(1);
        }
        foreach (TestPerson person in crowd[..ears])
            Assert.True(Click.Peak(person.Heard) < -40, $"seed {seed}, {person.Peer.Name}: {Click.Peak(person.Heard):F1} dBFS at {Click.At(person.Heard)} of {person.Heard.Count}");
        Assert.True(crowd[..ears].Average(p => p.Switches) > 3, "too few switches to say anything");
    }

    private static TestPerson Speaker(TestRoom room)
    {
        TestPerson speaker = room.Join("speaker");
        speaker.Says = Goertzel.Tone(Tone, AudioFormat.SampleRate);
        return speaker;
    }

    private static void Whispers(TestRoom room, TestPerson person, int talking, int silent)
    {
        person.Says = Goertzel.Tone(1000, AudioFormat.SampleRate, Whisper);
        room.Run(talking);
        person.Says = null;
        room.Run(silent);
    }

    private static void Toggle(TestPerson person, Random random, double chance, float loudness)
    {
        if (random.NextDouble() >= chance) return;
        person.Says = person.Says is null ? Goertzel.Tone(1000, AudioFormat.FrameSize, loudness * (1 + random.NextSingle())) : null;
    }
}

/// <summary>A click is what a steady low tone has above two kilohertz: a jump of some height shows there with that height.</summary>
internal static class Click
{
    private const int Reach = 64;
    private static readonly float[] Filter = HighPass(2000.0 / AudioFormat.SampleRate);

    /// <summary>The highest one in dBFS.</summary>
    public static double Peak(List<float> heard) => 20 * Math.Log10(Math.Max(Filtered(heard).Max(), 1e-9f));

    /// <summary>Where it is, in samples.</summary>
    public static int At(List<float> heard) => Filtered(heard).Index().MaxBy(x => x.Item).Index;

    private static float[] Filtered(List<float> heard)
    {
        float[] sound = [.. heard];
        var filtered = new float[Math.Max(1, sound.Length - Filter.Length)];
        for (int i = 0; i < sound.Length - Filter.Length; i++)
            filtered[i] = Math.Abs(Dot(sound.AsSpan(i, Filter.Length), Filter));
        return filtered;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int i = 0; i < b.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // One minus a windowed-sinc low-pass.
    private static float[] HighPass(double cutoff)
    {
        var filter = new float[2 * Reach + 1];
        for (int i = -Reach; i <= Reach; i++)
        {
            double x = 2 * Math.PI * cutoff * i, sinc = i == 0 ? 1 : Math.Sin(x) / x;
            filter[i + Reach] = (float)(-2 * cutoff * sinc * (0.54 + 0.46 * Math.Cos(Math.PI * i / Reach)));
        }
        filter[Reach] += 1;
        return filter;
    }
}
