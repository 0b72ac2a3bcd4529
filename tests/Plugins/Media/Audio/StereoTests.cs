using LanCollab.Plugins.Media.Audio;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Music in two channels beside talk in one.</summary>
public class StereoTests
{
    private const double Music = 440, Talk = 660;
    private const int Left = 0, Right = 1;

    private static readonly float[] OnTheLeft = [.. Goertzel.Tone(Music, AudioFormat.SampleRate).SelectMany(x => new[] { x, 0 })];

    [Fact]
    public void A_tone_left_only_arrives_left_only_where_two_channels_are_wanted_and_in_the_middle_elsewhere()
    {
        using var room = new TestRoom();
        TestPerson player = room.Join("Player", FrameShape.Stereo), wide = room.Join("Wide", FrameShape.Stereo), narrow = room.Join("Narrow");
        player.Says = OnTheLeft;
        Settle(room);
        Assert.InRange(wide.Power(Music, Left), -13.5, -11);
        Assert.True(wide.Power(Music, Right) < -50, $"{wide.Power(Music, Right):0} dB on the right");
        Assert.InRange(narrow.Power(Music), -19.5, -16.5); // half of each channel
        Assert.All(player.Heard, sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Two_who_play_hear_each_other_and_a_talker_each_in_their_place()
    {
        using var room = new TestRoom();
        TestPerson player = room.Join("Player", FrameShape.Stereo), talker = room.Join("Talker"), other = room.Join("Other", FrameShape.Stereo);
        player.Says = OnTheLeft;
        talker.Says = Goertzel.Tone(Talk, AudioFormat.SampleRate);
        other.Says = [.. Goertzel.Tone(550, AudioFormat.SampleRate).SelectMany(x => new[] { 0, x })];
        Settle(room);
        Assert.InRange(other.Power(Music, Left), -13.5, -11);
        Assert.True(other.Power(Music, Right) < -45);
        Assert.InRange(other.Power(Talk, Left), -13.5, -11);
        Assert.InRange(other.Power(Talk, Right), -13.5, -11);
        Assert.True(Math.Max(other.Power(550, Left), other.Power(550, Right)) < -45, "they hear themselves");
        Assert.InRange(talker.Power(Music), -19.5, -16.5);
        Assert.True(talker.Power(Talk) < -45);
    }

    [Fact]
    public void While_nobody_plays_in_two_channels_who_wants_two_gets_packets_of_one()
    {
        using var room = new TestRoom();
        TestPerson talker = room.Join("Talker"), wide = room.Join("Wide", FrameShape.Stereo);
        talker.Says = Goertzel.Tone(Talk, AudioFormat.SampleRate);
        Settle(room);
        Assert.InRange(wide.Power(Talk, Left), -13.5, -11);
        Assert.InRange(wide.Power(Talk, Right), -13.5, -11);
        Assert.Equal(0, wide.StereoPackets);
    }

    [Fact]
    public void Music_that_begins_and_ends_widens_the_stream_that_is_heard_without_a_switch()
    {
        using var room = new TestRoom();
        TestPerson talker = room.Join("Talker"), wide = room.Join("Wide", FrameShape.Stereo), player = room.Join("Player", FrameShape.Stereo);
        talker.Says = Goertzel.Tone(Talk, AudioFormat.SampleRate);
        Settle(room);
        player.Says = OnTheLeft;
        Settle(room);
        Assert.InRange(wide.StereoPackets, 95, 100);
        player.Says = null;
        room.Run(50);
        wide.StereoPackets = 0;
        Settle(room);
        Assert.Equal((0, 1), (wide.StereoPackets, wide.Switches));
        Assert.InRange(wide.Power(Talk, Left), -13.5, -11);
    }

    [Fact]
    public void Listeners_to_music_share_one_stream_and_those_of_one_channel_another()
    {
        using var room = new TestRoom();
        TestPerson player = room.Join("Player", FrameShape.Stereo);
        TestPerson[] wide = [.. Enumerable.Range(0, 3).Select(i => room.Join($"Wide {i}", FrameShape.Stereo))], narrow = [.. Enumerable.Range(0, 3).Select(i => room.Join($"Narrow {i}"))];
        player.Says = OnTheLeft;
        Settle(room);
        Assert.Single(wide.Select(p => p.LastStream).Distinct());
        Assert.Single(narrow.Select(p => p.LastStream).Distinct());
        Assert.NotEqual(wide[0].LastStream, narrow[0].LastStream);
        Assert.All(narrow, p => Assert.Equal(0, p.StereoPackets));
    }

    [Fact]
    public void Whoever_turns_the_second_channel_on_and_off_goes_on_hearing()
    {
        using var room = new TestRoom();
        TestPerson player = room.Join("Player", FrameShape.Stereo), other = room.Join("Other");
        player.Says = OnTheLeft;
        foreach (bool stereo in new[] { true, false, true })
        {
            other.Receiver.IsStereo = stereo;
            room.Mixer.Find(other.Peer)!.Listener.Stereo = stereo;
            Settle(room);
            // One channel of what was decoded is asked for: its middle.
            Assert.InRange(other.Power(Music), -19.5, -16.5);
            Assert.Equal(stereo, other.StereoPackets > 0);
            other.StereoPackets = 0;
            room.Run(5);
            other.StereoPackets = 0;
        }
    }

    // Two seconds, of which the last one counts.
    private static void Settle(TestRoom room)
    {
        room.Run(50);
        foreach (TestPerson person in room.People) person.Heard.Clear();
        room.Run(50);
    }
}
