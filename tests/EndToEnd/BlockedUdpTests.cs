using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class BlockedUdpTests
{
    [Fact]
    public async Task Sound_goes_over_TLS_while_UDP_is_blocked_and_back_when_it_works_again()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        await using var network = new FaultyNetwork(meeting.Server);
        string spoken = meeting.Folder["spoken.wav"];
        using (var file = new WavWriter(spoken))
            foreach (float[] frame in Goertzel.Tone(440, 48_000).Chunk(960)) file.Write(frame);
        ClientProcess ada = await meeting.StartClientAsync("Ada", $"--Plugins:Media:Microphone=file:{spoken}", "--Plugins:Media:Speaker=none", "--Plugins:Media:Camera=none");
        await ada.JoinAsync(network.Address);
        ClientProcess bob = await meeting.JoinAsync("Bob", "--Plugins:Media:Microphone=none", "--Plugins:Media:Speaker=none", "--Plugins:Media:Camera=none");
        await HeardAsync(bob, 0);

        foreach (Direction direction in Enum.GetValues<Direction>()) network.Udp["audio"].BlackHole.Add(direction);
        await ada.Bridge.WaitAsync("media", "audio.state", s => s.GetProperty("over").GetString() == "tls");
        await HeardAsync(bob, bob.Bridge.All("media", "levels").Count());

        network.Udp["audio"].BlackHole.Clear();
        await ada.Bridge.Events.UntilAsync(events => Ways(events) is [.., "udp"] ways && ways.Contains("tls"));
        await HeardAsync(bob, bob.Bridge.All("media", "levels").Count());
    }

    /// <summary>A second of somebody talking, after so many announcements.</summary>
    private static Task HeardAsync(ClientProcess who, int after) => who.Bridge.Events.UntilAsync(
        events => events.Where(e => e is { Plugin: "media", Type: "levels" }).Skip(after).Count(e => e.Body.GetProperty("talkers").GetArrayLength() == 1) >= 5);

    private static string[] Ways(IEnumerable<BridgeEvent> events) =>
        [.. events.Where(e => e is { Plugin: "media", Type: "audio.state" }).Select(e => e.Body.GetProperty("over").GetString()!)];
}
