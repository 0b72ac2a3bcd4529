using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;
using Microsoft.Playwright;

namespace LanCollab.Tests.Browser;

[Collection(BrowserCollection.Name)]
public class CameraTests(BrowserMeeting meeting) : IClassFixture<BrowserMeeting>
{
    /// <summary>Keeps hold of what the page opens.</summary>
    private const string Spy = """
        window.opened = { sockets: [], tracks: [] };
        const Socket = window.WebSocket;
        window.WebSocket = class extends Socket {
          constructor(...all) { super(...all); window.opened.sockets.push(this); }
        };
        const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
        devices.getUserMedia = async (wish) => {
          const stream = await ask(wish);
          window.opened.tracks.push(...stream.getTracks());
          return stream;
        };
        """;

    [Fact]
    public async Task A_camera_survives_a_lost_bridge_and_is_given_back_by_who_leaves()
    {
        await meeting.Ada.Page.AddInitScriptAsync(Spy);
        await meeting.Ada.Page.ReloadAsync();
        await meeting.Ada.Control("media", "camera").ClickAsync();
        uint first = await StreamAsync(0);
        await MovesAsync();

        await meeting.Ada.Page.EvaluateAsync("() => window.opened.sockets.at(-1).close()");
        await StreamAsync(first);
        await MovesAsync();

        await meeting.Ada.Control("session", "leave").ClickAsync();
        await meeting.Ada.Page.WaitForFunctionAsync("() => window.opened.tracks.length > 0 && window.opened.tracks.every(track => track.readyState === 'ended')");
        await meeting.Ada.Daemon.Bridge.Events.UntilAsync(events => Sources(events) is [.., "none"]);
    }

    private async Task<uint> StreamAsync(uint before)
    {
        JsonElement started = await meeting.Bob.Daemon.Bridge.WaitAsync("media", "video.started", e => e.GetProperty("stream").GetUInt32() > before);
        return started.GetProperty("stream").GetUInt32();
    }

    /// <summary>Ten more pictures are drawn on the other side.</summary>
    private async Task MovesAsync()
    {
        ILocator tile = meeting.Bob.TileOf(meeting.Ada);
        await tile.WaitForAsync();
        await meeting.Bob.Page.WaitForFunctionAsync(
            "([tile, before]) => Number(tile.dataset.frames ?? 0) >= before + 10",
            new object[] { await tile.ElementHandleAsync(), await tile.EvaluateAsync<int>("tile => Number(tile.dataset.frames ?? 0)") });
    }

    private static string[] Sources(IEnumerable<BridgeEvent> events) =>
    [
        .. from happened in events
           where happened is { Plugin: "media", Type: "video.state" }
           select happened.Body.GetProperty("source").GetString(),
    ];
}
