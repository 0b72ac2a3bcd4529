using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>The program's demo as a person starts it, but on free ports and with its own folder.</summary>
[Collection(EndToEndCollection.Name)]
public class DemoTests
{
    [Fact]
    public async Task Three_people_are_heard_and_seen_chat_share_a_file_and_one_presents_and_a_second_machine_joins()
    {
        using var folder = new TempFolder();
        await using AppProcess demo = AppProcess.Start("demo", [
            "--role", "demo", "--config", Repository.In("config"), $"--Demo:DataDirectory={folder.Folder("demo")}", "--Server:Bind=127.0.0.1", "--Client:UiPort=0", "--Client:OpenBrowser=false",
            .. ServerProcess.Ports()]);
        try
        {
            await WatchAsync(demo, folder);
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(demo.Output);
            // Politely, so that it takes its own processes along.
            Assert.Equal(0, await demo.StopAsync());
        }
    }

    private static async Task WatchAsync(AppProcess demo, TempFolder folder)
    {
        string invitation = await demo.WaitLineAsync("join from another machine:");
        string ui = (await demo.WaitLineAsync("UI: "))["UI: ".Length..];
        await using BridgeClient guest = await BridgeClient.ConnectAsync(ui);

        string[] people = ["Ada", "Ben", "Cleo"];
        foreach (string name in people)
        {
            await guest.Events.WaitAsync(e => IsSeen(e, name));
            await guest.WaitAsync("media", "levels", e => IsHeard(e, guest, name));
            await SaysAsync(guest, name);
        }
        await guest.Lane("media.video").WaitAsync(frame => frame.Length > 1000);
        await guest.Lane("media.speaker").WaitAsync(frame => frame.AsSpan().ContainsAnyExcept((byte)0));
        await guest.Events.WaitAsync(IsFile);
        await guest.WaitAsync("screen", "presenter", e => e.GetProperty("id").ValueKind == JsonValueKind.String);
        await guest.Lane("screen.tiles").WaitAsync(frame => frame.Length > 1000);

        string address = invitation[(invitation.LastIndexOf(' ') + 1)..];
        await using ClientProcess second = await ClientProcess.StartAsync("Zoe", folder.Folder("second"));
        JsonElement joined = await second.JoinAsync(address, "Demo");
        Assert.Equal(5, joined.GetProperty("members").GetArrayLength());
    }

    private static bool IsSeen(BridgeEvent e, string name) => e switch
    {
        { Plugin: "media", Type: "video.started" } => e.Body.GetProperty("name").GetString() == name,
        { Plugin: "media", Type: "video.streams" } => e.Body.GetProperty("items").EnumerateArray().Any(stream => stream.GetProperty("name").GetString() == name),
        _ => false,
    };

    private static bool IsFile(BridgeEvent e) => e is { Plugin: "files", Type: "offered" }
        || (e is { Plugin: "files", Type: "items" } && e.Body.GetProperty("items").GetArrayLength() > 0);

    /// <summary>A level names its talker by id; the roster knows whose it is.</summary>
    private static bool IsHeard(JsonElement levels, BridgeClient guest, string name) => levels.GetProperty("talkers").EnumerateArray()
        .Any(talker => NameOf(guest, talker.GetProperty("id").GetString()!) == name);

    private static string? NameOf(BridgeClient guest, string id) => guest.All("media", "people")
        .SelectMany(e => e.GetProperty("people").EnumerateArray())
        .Where(p => p.GetProperty("id").GetString() == id)
        .Select(p => p.GetProperty("name").GetString()).LastOrDefault();

    private static async Task SaysAsync(BridgeClient guest, string name)
    {
        if (guest.All("chat", "history.loaded").Any(h => h.GetProperty("items").EnumerateArray().Any(line => line.GetProperty("name").GetString() == name))) return;
        await guest.WaitAsync("chat", "said", e => e.GetProperty("name").GetString() == name);
    }
}
