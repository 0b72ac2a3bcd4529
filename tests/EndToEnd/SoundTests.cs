using System.Text.Json;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class SoundTests
{
    private const double NobodysTone = 550;

    [Fact]
    public async Task A_third_hears_two_tones_and_nobody_hears_their_own()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada", Sound(meeting, "Ada", 440));
        ClientProcess bob = await meeting.JoinAsync("Bob", Sound(meeting, "Bob", 660));
        ClientProcess cleo = await meeting.JoinAsync("Cleo", Sound(meeting, "Cleo", null));
        // Told five times a second: three seconds with both.
        await cleo.Bridge.Events.UntilAsync(
            events => events.Count(e => e.Plugin == "media" && e.Type == "levels" && e.Body.GetProperty("talkers").GetArrayLength() == 2) >= 15);

        double floor = Power(meeting, "Cleo", NobodysTone);
        Assert.True(Power(meeting, "Cleo", 440) > Math.Max(-16, floor + 20), Powers(meeting, "Cleo"));
        Assert.True(Power(meeting, "Cleo", 660) > Math.Max(-16, floor + 20), Powers(meeting, "Cleo"));
        Assert.True(Power(meeting, "Ada", 660) - Power(meeting, "Ada", 440) >= 20, Powers(meeting, "Ada"));
        Assert.True(Power(meeting, "Bob", 440) - Power(meeting, "Bob", 660) >= 20, Powers(meeting, "Bob"));

        JsonElement[] peers = [.. (await cleo.Bridge.RequestAsync("media", "stats")).GetProperty("peers").EnumerateArray()];
        Assert.Equal([ada.Id, bob.Id, cleo.Id], peers.Select(p => p.GetProperty("id").GetString()));
        Assert.All(peers[..2], p => Assert.InRange(p.GetProperty("level").GetInt32(), 10, 20));
    }

    [Fact]
    public async Task Who_mutes_falls_silent_and_is_shown_as_muted()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada", Sound(meeting, "Ada", 440));
        ClientProcess bob = await meeting.JoinAsync("Bob", Sound(meeting, "Bob", null));
        await bob.Bridge.WaitAsync("media", "levels", body => body.GetProperty("talkers").GetArrayLength() == 1);
        JsonElement state = await ada.Bridge.RequestAsync("media", "audio", new { muted = true });
        Assert.True(state.GetProperty("muted").GetBoolean());
        await bob.Bridge.WaitAsync("media", "levels", body => body.GetProperty("talkers").GetArrayLength() == 0);
        await bob.Bridge.Events.UntilAsync(events => Muted(events, ada.Id) is [.., true] muted && muted.Contains(false));
    }

    private static bool[] Muted(IEnumerable<BridgeEvent> events, string id) =>
    [
        .. from happened in events
           where happened is { Plugin: "media", Type: "people" }
           from person in happened.Body.GetProperty("people").EnumerateArray()
           where person.GetProperty("id").GetString() == id
           select person.GetProperty("muted").GetBoolean(),
    ];

    private static string[] Sound(Meeting meeting, string name, double? tone)
    {
        string heard = $"--Plugins:Media:Speaker=file:{Heard(meeting, name)}";
        if (tone is not { } frequency) return [heard, "--Plugins:Media:Microphone=none", "--Plugins:Media:Camera=none"];
        string spoken = meeting.Folder[$"spoken/{name}.wav"];
        using var file = new WavWriter(spoken);
        foreach (float[] frame in Goertzel.Tone(frequency, 48_000).Chunk(960)) file.Write(frame);
        return [heard, $"--Plugins:Media:Microphone=file:{spoken}", "--Plugins:Media:Camera=none"];
    }

    private static string Heard(Meeting meeting, string name) => meeting.Folder[$"heard/{name}.wav"];

    private static double Power(Meeting meeting, string name, double frequency)
    {
        short[] samples = WavReader.Read(Heard(meeting, name));
        // In windows of a tenth of a second, the middle one of them: on a busy machine a frame may be made up, and the tone goes on with another phase.
        double[] windows = [.. samples[^96_000..].Chunk(4800).Select(window => Goertzel.Power(Array.ConvertAll(window, s => s / 32768f), frequency)).Order()];
        return windows[windows.Length / 2];
    }

    private static string Powers(Meeting meeting, string name) =>
        $"{name}: {Power(meeting, name, 440):F1} dB at 440 Hz, {Power(meeting, name, 660):F1} dB at 660 Hz, {Power(meeting, name, NobodysTone):F1} dB where nobody speaks";
}
