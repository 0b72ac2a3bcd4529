using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class ScreenTests
{
    private const int Changes = 50, Seed = 7;

    [Fact]
    public async Task The_viewers_picture_equals_the_presenters_after_each_of_50_changes()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"), meeting.JoinAsync("Cleo"));
        string folder = meeting.Folder.Folder("slides");
        IReadOnlyList<string> slides = Slides.Write(folder, Changes + 1, Seed);
        using TileCanvas bob = new(people[1].Bridge), cleo = new(people[2].Bridge);

        await people[0].Bridge.RequestAsync("screen", "present", new { source = $"file:{folder}" });
        await people[1].Bridge.WaitAsync("screen", "presenter", e => e.GetProperty("id").GetString() == people[0].Id);
        await bob.ShowsAsync(slides[0]);
        for (int change = 1; change <= Changes; change++)
        {
            await people[0].Bridge.RequestAsync("screen", "slides", new { page = change + 1 });
            await bob.ShowsAsync(slides[change]);
        }
        await cleo.ShowsAsync(slides[Changes]);
        Assert.Equal(Changes + 1, bob.Updates);
    }

    [Fact]
    public async Task One_presents_at_a_time_and_a_killed_presenter_frees_the_stage()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"));
        string folder = meeting.Folder.Folder("slides");
        Slides.Write(folder, 2, Seed);
        await people[0].Bridge.RequestAsync("screen", "present", new { source = $"file:{folder}" });
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => people[1].Bridge.RequestAsync("screen", "present", new { source = $"file:{folder}" }));
        Assert.Equal("busy", refusal.Code);
        await people[0].Process.KillAsync();
        await people[1].Bridge.Events.UntilAsync(
            events => events.LastOrDefault(e => e is { Plugin: "screen", Type: "presenter" })?.Body.GetProperty("id").ValueKind == System.Text.Json.JsonValueKind.Null);
        await people[1].Bridge.RequestAsync("screen", "present", new { source = $"file:{folder}" });
    }
}
