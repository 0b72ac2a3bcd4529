using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Hub, daemons and pages together, without a network and without a clock.</summary>
public sealed class AudioRoomTests : IAsyncDisposable
{
    private static readonly byte[] ToneFrame = Frame(Goertzel.Tone(500, AudioFormat.FrameSize));

    private readonly InMemoryHub _hub = new();
    private bool _started;

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Everybody_is_told_who_is_there()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        foreach (TestClientContext person in new[] { ada, ben })
            Assert.Equal(["Ada", "Ben"], (await person.Page.WaitAsync<People>(p => p.Members.Count == 2)).Members.Select(p => p.Name));
        await ben.LeaveAsync();
        await ada.Page.WaitAsync<People>(p => p.Members.Count == 1);
        await ben.Page.WaitAsync<People>(p => p.Members.Count == 0);
    }

    [Fact]
    public async Task What_a_page_captures_the_others_page_plays()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        TestPage listener = ben.Page.First;
        await SpeakUntilAsync(ada, () => listener.Lane("speaker").All.Count >= 25 && ben.Page.Events<Levels>().Any(l => l.Talkers.Count == 1)
            && ben.Page.Events<People>().Any(p => p.Members.Any(m => m is { Name: "Ada", Muted: false })));
        Assert.All(listener.Lane("speaker").All, frame => Assert.Equal(1920, frame.Length));
        Talker talker = ben.Page.Events<Levels>().First(l => l.Talkers.Count == 1).Talkers[0];
        Assert.Equal(ada.Seat!.Id, talker.Id);
        Assert.InRange(talker.Level, 12, 18); // 0.25 of full scale is 15 dB below
        Assert.Empty(ada.Page.First.Lane("speaker").All);
    }

    [Fact]
    public async Task Nothing_is_sent_while_muted()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        AudioState state = await ada.Page.RequestAsync<AudioState>(new SetAudio(Muted: true));
        Assert.True(state.Muted);
        for (int i = 0; i < 100; i++) await TickAsync(ada);
        Assert.Empty(ben.Page.First.Lane("speaker").All);
    }

    [Fact]
    public async Task A_frame_of_a_wrong_length_is_ignored()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ada.Page.First.SendAsync("microphone", new byte[7]);
        await ada.Page.First.SendAsync("microphone", new byte[5000]);
        await SpeakUntilAsync(ada, () => ben.Page.First.Lane("speaker").All.Count > 0);
    }

    [Fact]
    public async Task A_source_that_cannot_be_had_is_refused_and_the_one_before_stays()
    {
        TestClientContext ada = await JoinAsync("Ada");
        var noFile = await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync<AudioState>(new SetAudio(Source: "file:/no/such.wav")));
        Assert.Equal(("bad-wav", "The file /no/such.wav cannot be played: there is no such file."), (noFile.Code, noFile.Message));
        var noSource = await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync<AudioState>(new SetAudio(Speaker: "loud")));
        Assert.Equal("bad-source", noSource.Code);
        AudioState state = await ada.Page.RequestAsync<AudioState>(new SetAudio());
        Assert.Equal(("browser", "browser"), (state.Source, state.Speaker));
    }

    [Fact]
    public async Task A_configured_file_that_is_bad_is_told_to_the_page_and_nothing_else_stops()
    {
        TestClientContext ada = await JoinAsync("Ada", new() { ["Microphone"] = "file:/no/such.wav" });
        AudioState state = await ada.Page.WaitAsync<AudioState>(s => s.Problem is not null);
        Assert.Equal("The file /no/such.wav cannot be played: there is no such file.", state.Problem);
        Assert.Equal("browser", state.Speaker);
    }

    [Fact]
    public async Task Figures_are_there_for_everybody()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ben.Page.WaitAsync<People>(p => p.Members.Count == 2);
        int frames = 0;
        await SpeakUntilAsync(ada, () => ++frames > 150);
        Stats stats = await ben.Page.RequestAsync<Stats>(new GetStats());
        PeerStats figures = stats.Peers.Single(p => p.Name == "Ada");
        Assert.Equal(0, figures.Loss);
        Assert.InRange(figures.Bitrate, 5_000, 60_000);
        Assert.Equal(1, figures.Rtt);
        Assert.NotNull(stats.Mix);
    }

    private async Task<TestClientContext> JoinAsync(string name, Dictionary<string, string?>? settings = null)
    {
        if (!_started) await _hub.Server.StartAsync(new MediaServer(_hub.Log, _hub.Time));
        _started = true;
        TestClientContext client = _hub.NewClient(name, settings);
        await client.StartAsync(new MediaClient(_hub.Log, _hub.Time));
        _ = client.Page.First;
        await client.JoinAs(name);
        await client.Page.WaitAsync<AudioState>(s => s.Speaker == "browser");
        await client.Page.WaitAsync<People>(p => p.Members.Any(m => m.Name == name));
        return client;
    }

    private async Task SpeakUntilAsync(TestClientContext who, Func<bool> enough)
    {
        for (int i = 0; i < 5000 && !enough(); i++) await TickAsync(who);
        Assert.True(enough(), "100 s of sound were not enough.");
    }

    // One frame from the page, 20 ms on the clock, and a moment for the loops that wait for it.
    private async Task TickAsync(TestClientContext who)
    {
        await who.Page.First.SendAsync("microphone", ToneFrame);
        _hub.Time.Advance(AudioFormat.FrameDuration);
        await Task.Delay(1);
    }

    private static byte[] Frame(float[] samples)
    {
        var pcm = new byte[2 * samples.Length];
        Samples.ToPcm16(samples, pcm);
        return pcm;
    }
}
