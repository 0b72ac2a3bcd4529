using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public class SharedSoundTests
{
    private const double Voice = 440, Film = 660;

    private static readonly float[] Second = Goertzel.Tone(Film, AudioFormat.SampleRate);

    [Fact]
    public void A_shared_sound_is_heard_beside_its_owners_voice_and_never_by_the_owner()
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("Ada"), bob = room.Join("Bob");
        ada.Says = Goertzel.Tone(Voice, AudioFormat.SampleRate);
        Share(room, ada, 100);
        Assert.InRange(Last(bob, Voice), -15, -10);
        Assert.InRange(Last(bob, Film), -15, -10);
        Assert.All(ada.Heard, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void A_shared_sound_takes_no_place_among_the_loudest_and_its_owner_hears_the_others()
    {
        using var room = new TestRoom(options => options.Loudest = 1);
        TestPerson ada = room.Join("Ada"), bob = room.Join("Bob"), cleo = room.Join("Cleo");
        cleo.Says = Goertzel.Tone(Voice, AudioFormat.SampleRate, 0.5f);
        Share(room, ada, 100);
        Assert.InRange(Last(bob, Voice), -9, -4);
        Assert.InRange(Last(bob, Film), -15, -10);
        Assert.InRange(Last(cleo, Film), -15, -10);
        Assert.InRange(Last(ada, Voice), -9, -4);
        Assert.True(Last(ada, Film) < -40);
    }

    [Fact]
    public void Who_may_not_talk_may_not_share_sound()
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("Ada"), bob = room.Join("Bob");
        ada.Peer.Stand(new Standing(Role.Member, Muted: true));
        Share(room, ada, 50);
        Assert.Equal(0, bob.Packets);
    }

    [Fact]
    public void A_shared_sound_that_ends_leaves_silence()
    {
        using var room = new TestRoom();
        TestPerson ada = room.Join("Ada"), bob = room.Join("Bob");
        Share(room, ada, 50);
        room.Run(100);
        bob.Heard.Clear();
        room.Run(20);
        Assert.True(bob.Power(Film) < -80);
    }

    private static void Share(TestRoom room, TestPerson person, int frames)
    {
        using var sender = new OpusSender(new LibOpus().CreateEncoder(64_000, 5), shared: true);
        for (int i = 0; i < frames; i++)
        {
            room.Mixer.Find(person.Peer)!.Receive(sender.Frame(Second.AsSpan(i * AudioFormat.FrameSize % Second.Length, AudioFormat.FrameSize), last: i == frames - 1));
            room.Run(1);
        }
    }

    private static double Last(TestPerson person, double frequency) => Goertzel.Power([.. person.Heard.SkipLast(9600).TakeLast(19_200)], frequency);
}
