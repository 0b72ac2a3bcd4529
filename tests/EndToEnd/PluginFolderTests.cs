using System.Net;
using System.Text.Json;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>A plugin is a folder or a DLL: there it is, gone it is gone.</summary>
[Collection(EndToEndCollection.Name)]
public class PluginFolderTests
{
    [Fact]
    public async Task Without_the_screen_plugin_there_is_a_meeting_without_a_screen()
    {
        using var plugins = new PluginFolder(without: "Screen");
        await using Meeting meeting = await Meeting.StartAsync(["--Plugins:Directory=" + plugins.Path]);
        ClientProcess[] people = await JoinTwoAsync(meeting, plugins);
        await TalkAsync(people);
        Assert.DoesNotContain("screen", Names(people[0]));
        Assert.DoesNotContain(meeting.Server.Process.Lines.All, line => line.StartsWith("listening screen", StringComparison.Ordinal));
        using HttpResponseMessage page = await people[0].Bridge.Http.GetAsync("/plugins/screen/screen.js");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task A_dropped_dll_brings_its_service_and_its_panel()
    {
        using var plugins = new PluginFolder();
        plugins.Drop(Repository.In("artifacts/samples/Poll/LanCollab.Plugins.Poll.dll"));
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Directory=" + plugins.Path, "--Plugins:Poll:Port=0");
        ClientProcess[] people = await JoinTwoAsync(meeting, plugins);
        Assert.Contains("poll", Names(people[0]));
        Assert.Contains("mount", await people[0].Bridge.Http.GetStringAsync("/plugins/poll/poll.js"));
        await people[0].Bridge.RequestAsync("poll", "ask", new { question = "Lunch?", choices = new[] { "12:00", "12:30" } });
        await people[1].Bridge.WaitAsync("poll", "polls", e => e.GetProperty("items").GetArrayLength() == 1);
        int poll = people[1].Bridge.All("poll", "polls")[^1].GetProperty("items")[0].GetProperty("id").GetInt32();
        await people[1].Bridge.RequestAsync("poll", "vote", new { poll, choice = 1 });
        await people[0].Bridge.WaitAsync("poll", "polls", e =>
            e.GetProperty("items").EnumerateArray().Any(p => p.GetProperty("votes").EnumerateArray().Select(v => v.GetInt32()).SequenceEqual([0, 1])));
    }

    [Fact]
    public async Task A_dll_that_throws_in_its_constructor_is_reported_and_all_else_works()
    {
        using var plugins = new PluginFolder();
        plugins.Drop(Repository.In("artifacts/samples/Throwing/LanCollab.Plugins.Throwing.dll"));
        await File.WriteAllTextAsync(Path.Combine(plugins.Path, "Junk.dll"), "this is no assembly");
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Directory=" + plugins.Path);
        ClientProcess[] people = await JoinTwoAsync(meeting, plugins);
        await TalkAsync(people);
        JsonElement failed = people[0].Bridge.Hello.GetProperty("plugins").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "throwing");
        Assert.Contains("This client half cannot be made.", failed.GetRawText());
        foreach (string said in (string[])["This server half cannot be made", "Junk"]) await LogFile.WaitAsync(meeting.Folder["server/logs/server.log"], said);
    }

    private static Task<ClientProcess[]> JoinTwoAsync(Meeting meeting, PluginFolder plugins) => Task.WhenAll(
        meeting.JoinAsync("Ada", "--Plugins:Directory=" + plugins.Path), meeting.JoinAsync("Bob", "--Plugins:Directory=" + plugins.Path));

    private static async Task TalkAsync(ClientProcess[] people)
    {
        await people[0].Bridge.RequestAsync("chat", "say", new { text = "hello" });
        await people[1].Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "hello");
    }

    private static IEnumerable<string?> Names(ClientProcess client) =>
        client.Bridge.Hello.GetProperty("plugins").EnumerateArray().Select(p => p.GetProperty("name").GetString());
}
