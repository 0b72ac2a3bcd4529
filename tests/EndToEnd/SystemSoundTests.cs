using System.Text.Json;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>What a presenter's machine plays, through real processes and a PulseAudio server without sound cards.</summary>
[Collection(EndToEndCollection.Name)]
public class SystemSoundTests
{
    private const double Film = 660, Other = 880;

    [Fact]
    public async Task What_a_machine_plays_is_heard_by_the_others_and_not_by_its_owner()
    {
        await using PulseServer pulse = await PulseServer.StartAsync();
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinByAsync(pulse.Launcher, "Ada", Settings(meeting, "Ada"));
        await meeting.JoinAsync("Bob", Settings(meeting, "Bob"));
        using IDisposable film = await pulse.PlayAsync(PulseServer.Speaker, Film), other = await pulse.PlayAsync(PulseServer.Cable, Other);

        JsonElement[] sounds = [.. (await ada.Bridge.RequestAsync("media", "devices")).GetProperty("sounds").EnumerateArray()];
        Assert.Contains(sounds, s => s.GetProperty("source").GetString() == "device");
        Assert.True(sounds.Count(s => s.GetProperty("source").GetString()!.StartsWith("device:program:", StringComparison.Ordinal)) >= 2, "Both programs can be chosen.");

        await ada.Bridge.RequestAsync("media", "audio", new { sound = "device" });
        await HearsAsync(meeting, "Bob", power => power > -18);
        Assert.True(Power(meeting, "Bob", Other) < -35, "The other output is not shared.");
        Assert.True(Power(meeting, "Ada", Film) < -80, "Nobody hears what they share themselves.");

        await ada.Bridge.RequestAsync("media", "audio", new { sound = "none" });
        await HearsAsync(meeting, "Bob", power => power < -80);
    }

    private static string[] Settings(Meeting meeting, string name) =>
        [$"--Plugins:Media:Speaker=file:{meeting.Folder[$"heard/{name}.wav"]}", "--Plugins:Media:Microphone=none", "--Plugins:Media:Camera=none"];

    private static async Task HearsAsync(Meeting meeting, string name, Func<double, bool> enough)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!enough(Power(meeting, name, Film))) await look.WaitForNextTickAsync(patience.Token);
    }

    // The last third of a second that was recorded.
    private static double Power(Meeting meeting, string name, double frequency) =>
        WavReader.Read(meeting.Folder[$"heard/{name}.wav"]) is { Length: > 16_000 } samples
            ? Goertzel.Power(Array.ConvertAll(samples[^16_000..], s => s / 32768f), frequency)
            : -200;
}
