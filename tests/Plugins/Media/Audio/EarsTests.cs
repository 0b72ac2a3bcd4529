using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Mix;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class EarsTests : IDisposable
{
    private readonly TestRoom _room = new();
    private readonly TestPerson _ada, _ben, _cleo;

    public EarsTests()
    {
        (_ada, _ben, _cleo) = (_room.Join("ada"), _room.Join("ben"), _room.Join("cleo"));
        _ada.Says = Goertzel.Tone(440, AudioFormat.SampleRate);
    }

    private Participant this[TestPerson person] => _room.Mixer.Find(person.Peer)!;

    private double Hears(TestPerson person)
    {
        _room.Run(60);
        person.Heard.Clear();
        _room.Run(50);
        return person.Power(440);
    }

    [Fact]
    public void Each_hears_others_as_loud_as_they_want()
    {
        this[_ben].Listener.Gains = new Dictionary<string, float> { ["ada"] = 0.25f };
        Assert.InRange(Hears(_ben), -25.5, -23);
        Assert.InRange(Hears(_cleo), -13, -11);
        this[_ben].Listener.Gains = null;
        Assert.InRange(Hears(_ben), -13, -11);
        Assert.Equal(_ben.LastStream, _cleo.LastStream);
    }

    [Fact]
    public void Who_is_muted_by_one_is_heard_by_the_others()
    {
        this[_ben].Listener.Gains = new Dictionary<string, float> { ["ada"] = 0 };
        Assert.True(Hears(_ben) < -60);
        Assert.InRange(Hears(_cleo), -13, -11);
    }

    [Fact]
    public void Who_is_deaf_gets_nothing()
    {
        this[_ben].Listener.IsDeaf = true;
        _room.Run(60);
        int packets = _ben.Packets;
        _room.Run(60);
        Assert.Equal(packets, _ben.Packets);
        Assert.InRange(Hears(_cleo), -13, -11);
    }

    [Theory]
    [InlineData(Role.Member, true)]
    [InlineData(Role.Listener, false)]
    public void Who_may_not_talk_is_not_heard_and_is_again_when_they_may(Role role, bool muted)
    {
        Assert.InRange(Hears(_cleo), -13, -11);
        _ada.Peer.Stand(new Standing(role, muted));
        Assert.True(Hears(_cleo) < -60);
        _ada.Peer.Stand(new Standing(Role.Member));
        Assert.InRange(Hears(_cleo), -13, -11);
    }

    [Fact]
    public void The_loudest_are_heard_and_a_little_louder_takes_nobodys_place()
    {
        using var room = new TestRoom(o => o.Loudest = 2);
        TestPerson listener = room.Join("listener");
        TestPerson[] people = [.. Enumerable.Range(0, 4).Select(i => room.Join($"p{i}"))];
        for (int i = 0; i < 4; i++) people[i].Says = Goertzel.Tone(300 + 200 * i, AudioFormat.SampleRate, i < 2 ? 0.2f : 0.05f);
        room.Run(60);
        bool[] Heard() => [.. people.Select(p => room.Mixer.Find(p.Peer)!.IsHeard)];
        Assert.Equal([true, true, false, false], Heard());
        people[2].Says = Goertzel.Tone(700, AudioFormat.SampleRate, 0.3f); // 3.5 dB louder
        room.Run(60);
        Assert.Equal([true, true, false, false], Heard());
        people[2].Says = Goertzel.Tone(700, AudioFormat.SampleRate, 0.6f); // 9.5 dB
        room.Run(60);
        Assert.True(Heard()[2]);
        Assert.Equal(2, Heard().Count(heard => heard));
    }

    [Fact]
    public void Another_limit_takes_effect_while_people_talk()
    {
        using var room = new TestRoom(o => o.Loudest = 2);
        TestPerson[] people = [.. Enumerable.Range(0, 4).Select(i => room.Join($"p{i}"))];
        for (int i = 0; i < 4; i++) people[i].Says = Goertzel.Tone(300 + 200 * i, AudioFormat.SampleRate, 0.05f);
        room.Run(60);
        int Heard() => people.Count(p => room.Mixer.Find(p.Peer)!.IsHeard);
        Assert.Equal(2, Heard());
        room.Mixer.Apply(new() { Loudest = 3 });
        room.Run(1);
        Assert.Equal(3, Heard());
    }

    public void Dispose() => _room.Dispose();
}
