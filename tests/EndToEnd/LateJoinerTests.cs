using System.Text.Json;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class LateJoinerTests
{
    [Fact]
    public async Task A_fourth_client_that_joins_late_sees_roster_history_files_and_screen()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"), meeting.JoinAsync("Cleo"));
        await people[0].Bridge.RequestAsync("chat", "say", new { text = "before you came" });
        await File.WriteAllTextAsync(meeting.Folder["agenda.txt"], "1. Welcome");
        await people[1].Bridge.RequestAsync("files", "offer", new { path = meeting.Folder["agenda.txt"] });
        await people[0].Bridge.WaitAsync("files", "offered");
        string folder = meeting.Folder.Folder("slides");
        IReadOnlyList<string> slides = Slides.Write(folder, 3, seed: 11);
        await people[2].Bridge.RequestAsync("screen", "present", new { source = $"file:{folder}" });
        await people[2].Bridge.RequestAsync("screen", "slides", new { page = 3 });

        ClientProcess late = await meeting.StartClientAsync("Dora");
        using TileCanvas canvas = new(late.Bridge);
        JsonElement joined = await late.JoinAsync(meeting.Server.Address);
        Assert.Equal(["Ada", "Bob", "Cleo", "Dora"], joined.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("name").GetString()).Order());
        JsonElement history = await late.Bridge.WaitAsync("chat", "history.loaded");
        Assert.Contains(history.GetProperty("items").EnumerateArray(), line => line.GetProperty("text").GetString() == "before you came");
        await late.Bridge.WaitAsync("files", "items", e => e.GetProperty("items").EnumerateArray().Any(f => f.GetProperty("name").GetString() == "agenda.txt"));
        await late.Bridge.WaitAsync("screen", "presenter", e => e.GetProperty("id").GetString() == people[2].Id);
        await canvas.ShowsAsync(slides[2]);
    }
}
