using System.Text.Json;
using LanCollab.Contracts;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>The daemon's own microphone and speaker, through PortAudio and a PulseAudio server without sound cards.</summary>
[Collection(EndToEndCollection.Name)]
public class SoundCardTests
{
    [Fact]
    public async Task Devices_are_listed_chosen_heard_missed_when_they_vanish_and_used_again_when_they_are_back()
    {
        await using PulseServer pulse = await PulseServer.StartAsync();
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinByAsync(pulse.Launcher, "Ada", "--Plugins:Media:Microphone=none", "--Plugins:Media:Speaker=none", "--Plugins:Media:Camera=none");
        ClientProcess bob = await meeting.JoinByAsync(pulse.Launcher, "Bob", "--Plugins:Media:Microphone=none", "--Plugins:Media:Speaker=device:pulse", "--Plugins:Media:Camera=none");

        JsonElement devices = await ada.Bridge.RequestAsync("media", "devices");
        Assert.Contains("device:pulse", Sources(devices, "microphones"));
        Assert.Contains("device:pulse", Sources(devices, "speakers"));
        UserErrorException refused = await Assert.ThrowsAsync<UserErrorException>(() => ada.Bridge.RequestAsync("media", "audio", new { source = "device:theremin" }));
        Assert.Contains("theremin", refused.Message, StringComparison.Ordinal);
        Assert.Contains("pulse", refused.Message, StringComparison.Ordinal);

        using (await pulse.PlayAsync(PulseServer.Cable, 440))
        {
            await ada.Bridge.RequestAsync("media", "audio", new { source = "device:pulse", muted = false });
            await HeardAsync(pulse, 440);
        }

        int before = ada.Bridge.Events.All.Count, bobs = bob.Bridge.Events.All.Count;
        await pulse.UnplugAsync();
        await StateAsync(ada, before, problem: true);
        await StateAsync(bob, bobs, problem: true);

        (before, bobs) = (ada.Bridge.Events.All.Count, bob.Bridge.Events.All.Count);
        await pulse.PlugInAsync();
        using IDisposable again = await pulse.PlayAsync(PulseServer.Cable, 660);
        await StateAsync(ada, before, problem: false);
        await StateAsync(bob, bobs, problem: false);
        await HeardAsync(pulse, 660);
    }

    private static string?[] Sources(JsonElement devices, string which) => [.. devices.GetProperty(which).EnumerateArray().Select(d => d.GetProperty("source").GetString())];

    private static Task StateAsync(ClientProcess client, int after, bool problem) => client.Bridge.Events.UntilAsync(events => events.Skip(after).Any(e =>
        e is { Plugin: "media", Type: "audio.state" } && (e.Body.TryGetProperty("problem", out JsonElement told) && told.ValueKind == JsonValueKind.String) == problem));

    private static async Task HeardAsync(PulseServer pulse, double tone)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        double power;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            power = Goertzel.Power((await pulse.RecordAsync(PulseServer.Speaker)).AsSpan()[^4800..], tone);
        }
        while (power < -18);
    }
}
