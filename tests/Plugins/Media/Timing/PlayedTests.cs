using LanCollab.Plugins.Media.Audio;
using LanCollab.Tests.Plugins.Media.Audio;

namespace LanCollab.Tests.Plugins.Media.Timing;

public class PlayedTests
{
    private const int Frame = AudioFormat.FrameSize, Whisper = 60 * Frame, Loud = 60 * Frame;
    private const int Bound = AudioFormat.SampleRate / 100; // the encoder looks some milliseconds ahead

    /// <summary>By the sound itself: where a loud tone is heard is where the mixer's and the listener's clocks say that it is played.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(7)] // a spurt, a pause, another one: the playout buffer begins anew
    public void Mixer_and_listener_know_as_which_sample_of_the_mix_a_voice_is_played(int pause)
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("Ada"), ben = room.Join("Ben");
        ada.Says = [.. new float[Whisper].Select((_, i) => 0.01f * MathF.Sin(i * 0.06f)), .. new float[Loud].Select((_, i) => 0.5f * MathF.Sin(i * 0.06f))];
        uint first = ada.Sender.Timestamp;
        room.Run(30);
        float[] says = ada.Says;
        ada.Says = null;
        for (int i = 0; i < pause; i++) ada.Sender.Pause();
        room.Run(pause);
        ada.Says = says;
        room.Run(80);

        uint loud = first + (uint)(Whisper + (pause * Frame));
        (uint voice, uint mix) = room.Mixer.Find(ada.Peer)!.Played!.Value;
        int at = ben.Heard.FindIndex(sample => Math.Abs(sample) > 0.2f);
        uint heard = ben.Receiver.Following!.Value - (uint)(ben.Heard.Count - at);
        // Two Opus codecs look 6.5 ms ahead each: what is heard is so much later than its timestamp says.
        Assert.InRange((int)(mix + (loud - voice) - heard) + (2 * 312), -Bound, Bound);
    }

    [Fact]
    public void Nothing_is_known_of_who_has_said_nothing()
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("Ada");
        room.Join("Ben");
        room.Run(10);
        Assert.Null(room.Mixer.Find(ada.Peer)!.Played);
    }
}
