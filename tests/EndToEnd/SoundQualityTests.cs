using System.Text.Json;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class SoundQualityTests
{
    private const double Tone = 440, Other = 660;

    [Fact]
    public async Task A_file_that_plays_on_the_left_is_recorded_on_the_left_by_who_wants_two_channels()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        float[] left = [.. Goertzel.Tone(Tone, 48_000).SelectMany(x => new[] { x, 0 })];
        await meeting.JoinAsync("Ada", [.. Sound(meeting, "Ada", left, channels: 2), "--Plugins:Media:Stereo=true"]);
        await meeting.JoinAsync("Bob", [.. Sound(meeting, "Bob", null), "--Plugins:Media:Stereo=true"]);
        ClientProcess cleo = await meeting.JoinAsync("Cleo", Sound(meeting, "Cleo", null));
        await TalkAsync(cleo, 1);
        (short[] bob, int channels) = WavReader.Read(Heard(meeting, "Bob"), 2);
        Assert.Equal(2, channels);
        Assert.True(Power(bob.Where((_, i) => i % 2 == 0), Tone) is > -14 and < -10);
        Assert.True(Power(bob.Where((_, i) => i % 2 == 1), Tone) < -45);
        (short[] one, int single) = WavReader.Read(Heard(meeting, "Cleo"), 2);
        Assert.Equal(1, single);
        Assert.InRange(Power(one, Tone), -20, -16);
    }

    [Fact]
    public async Task A_client_of_10_ms_and_one_of_20_hear_each_other()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada", [.. Sound(meeting, "Ada", Goertzel.Tone(Tone, 48_000)), "--Plugins:Media:FrameMs=10"]);
        ClientProcess bob = await meeting.JoinAsync("Bob", Sound(meeting, "Bob", Goertzel.Tone(Other, 48_000)));
        await TalkAsync(bob, 2);
        Assert.Equal(10, (await ada.Bridge.RequestAsync("media", "audio", new { })).GetProperty("frameMs").GetInt32());
        Assert.InRange(Power(WavReader.Read(Heard(meeting, "Bob")), Tone), -14, -10);
        Assert.InRange(Power(WavReader.Read(Heard(meeting, "Ada")), Other), -14, -10);

        // And while both go on, one of them changes it.
        JsonElement state = await ada.Bridge.RequestAsync("media", "audio", new { frameMs = 20 });
        Assert.Equal(20, state.GetProperty("frameMs").GetInt32());
        await TalkAsync(bob, 2);
        Assert.InRange(Power(WavReader.Read(Heard(meeting, "Bob")), Tone), -14, -10);
    }

    [Fact]
    public async Task The_bit_rate_follows_a_change_at_once_and_one_out_of_range_is_refused_with_a_sentence()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        var random = new Random(1);
        float[] noise = [.. Enumerable.Range(0, 96_000).Select(_ => 0.2f * (random.NextSingle() - 0.5f))];
        ClientProcess ada = await meeting.JoinAsync("Ada", Sound(meeting, "Ada", noise));
        foreach ((int bitrate, int least, int most) in new[] { (32_000, 25_000, 48_000), (128_000, 100_000, 160_000), (16_000, 12_000, 30_000) })
        {
            JsonElement state = await ada.Bridge.RequestAsync("media", "audio", new { bitrate });
            Assert.Equal(bitrate, state.GetProperty("bitrate").GetInt32());
            await MeasuredAsync(ada, least, most);
        }
        foreach ((object wish, string sentence) in new (object, string)[] {
            (new { bitrate = 12_000 }, "The bit rate is 12000 bit/s; it may be 16000 to 128000."), (new { frameMs = 40 }, "A frame is 40 ms; it may be 10 or 20.") })
        {
            UserErrorException refused = await Assert.ThrowsAsync<UserErrorException>(() => ada.Bridge.RequestAsync("media", "audio", wish));
            Assert.Equal(("out-of-range", sentence), (refused.Code, refused.Message));
        }
    }

    // As the hub counts it, over windows of two seconds.
    private static async Task MeasuredAsync(ClientProcess ada, int least, int most)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        int bitrate;
        do
        {
            await look.WaitForNextTickAsync(patience.Token);
            bitrate = (await ada.Bridge.RequestAsync("media", "stats")).GetProperty("peers")[0].GetProperty("bitrate").GetInt32();
        } while (bitrate < least || bitrate > most);
    }

    // Three seconds, told five times a second, in which so many talk.
    private static async Task TalkAsync(ClientProcess listener, int talkers)
    {
        int before = Count();
        await listener.Bridge.Events.UntilAsync(_ => Count() >= before + 15);

        int Count() => listener.Bridge.All("media", "levels").Count(e => e.GetProperty("talkers").GetArrayLength() == talkers);
    }

    private static string[] Sound(Meeting meeting, string name, float[]? spoken, int channels = 1)
    {
        string heard = $"--Plugins:Media:Speaker=file:{Heard(meeting, name)}";
        if (spoken is null) return [heard, "--Plugins:Media:Microphone=none", "--Plugins:Media:Camera=none"];
        string path = meeting.Folder[$"spoken/{name}.wav"];
        using var file = new WavWriter(path, channels);
        foreach (float[] frame in spoken.Chunk(960)) file.Write(frame);
        return [heard, $"--Plugins:Media:Microphone=file:{path}", "--Plugins:Media:Camera=none"];
    }

    private static string Heard(Meeting meeting, string name) => meeting.Folder[$"heard/{name}.wav"];

    // In windows of a tenth of a second of the last two, the middle one: on a busy machine a frame may be made up.
    private static double Power(IEnumerable<short> samples, double frequency)
    {
        double[] windows = [.. samples.TakeLast(96_000).Chunk(4800).Select(window => Goertzel.Power(Array.ConvertAll(window, s => s / 32768f), frequency)).Order()];
        return windows[windows.Length / 2];
    }
}
