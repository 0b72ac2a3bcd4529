using LanCollab.Plugins.Media.Audio;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Two people at one table: each microphone takes in both loudspeakers at half their loudness.</summary>
public sealed class SameRoomTests
{
    private const float Coupling = 0.5f;
    private const int BurstFrames = 50;

    [Fact]
    public void Without_a_group_it_howls() => Assert.True(LevelAfter(10, null) <= LevelAfter(2, null) + 3 && LevelAfter(10, null) < 40, $"-{LevelAfter(10, null)} dBov");

    [Fact]
    public void In_a_group_nothing_grows() => Assert.Equal(AudioLevel.Silence, LevelAfter(5, "Kitchen"));

    [Fact]
    public void Of_a_group_only_the_best_microphone_is_heard_and_others_hear_it_once()
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("ada"), ben = room.Join("ben"), far = room.Join("far");
        foreach (TestPerson person in new[] { ada, ben }) room.Mixer.Find(person.Peer)!.Group = "Kitchen";
        (ada.Says, ben.Says) = (Goertzel.Tone(440, 48_000), Goertzel.Tone(440, 48_000, 0.1f));
        room.Run(100);
        far.Heard.Clear();
        room.Run(50);
        Assert.InRange(far.Power(440), -13, -11);
        Assert.Equal(0, ben.Packets);
    }

    [Fact]
    public void Two_microphones_with_the_same_sound_are_noticed_once_and_two_people_are_not()
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("ada"), ben = room.Join("ben"), far = room.Join("far");
        var acquaintance = new Acquaintance();
        var random = new Random(3);
        var found = new List<string[]>();
        float one = 0, other = 0;
        for (int frame = 0; frame < 900; frame++)
        {
            if (frame % 12 == 0) (one, other) = (Loud(random), Loud(random));
            (ada.Says, ben.Says, far.Says) = (Noise(random, one), Noise(random, one * 0.4f), Noise(random, other));
            room.Run(1);
            if (acquaintance.Note(Assert.Single(room.Mixer.Rooms)) is { } pair) found.Add(pair);
        }
        Assert.Equal(["ada", "ben"], Assert.Single(found).Order());
    }

    private static float Loud(Random random) => random.Next(3) == 0 ? 0.002f : 0.3f * (0.3f + random.NextSingle());

    private static float[] Noise(Random random, float amplitude) => [.. Enumerable.Range(0, AudioFormat.FrameSize).Select(_ => amplitude * (random.NextSingle() - 0.5f))];

    /// <summary>The level of what is heard some seconds after a second of a tone.</summary>
    private static byte LevelAfter(int seconds, string? group)
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("ada"), ben = room.Join("ben");
        foreach (TestPerson person in new[] { ada, ben }) room.Mixer.Find(person.Peer)!.Group = group;
        float[] burst = Goertzel.Tone(440, BurstFrames * AudioFormat.FrameSize);
        for (int frame = 0; frame < BurstFrames + 50 * seconds; frame++)
        {
            float[] spoken = frame < BurstFrames ? burst.AsSpan(frame * AudioFormat.FrameSize, AudioFormat.FrameSize).ToArray() : new float[AudioFormat.FrameSize];
            float[] loudspeakers = Last(ada).Zip(Last(ben), (a, b) => Coupling * (a + b)).ToArray();
            (ada.Says, ben.Says) = ([.. spoken.Zip(loudspeakers, (a, b) => Math.Clamp(a + b, -1, 1))], [.. loudspeakers]);
            room.Run(1);
        }
        return AudioLevel.Of([.. ada.Heard.TakeLast(20 * AudioFormat.FrameSize)]);
    }

    private static float[] Last(TestPerson person) =>
        person.Heard.Count < AudioFormat.FrameSize ? new float[AudioFormat.FrameSize] : [.. person.Heard.TakeLast(AudioFormat.FrameSize)];
}
