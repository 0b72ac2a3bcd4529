using System.Text.Json;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class ChatTests
{
    private const int LinesEach = 100;

    [Fact]
    public async Task Three_hundred_lines_of_three_senders_arrive_everywhere_in_the_same_order()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"), meeting.JoinAsync("Cleo"));
        await Task.WhenAll(people.Select(SayAllAsync));

        string[] reference = await LinesAsync(people[0]);
        Assert.Equal(3 * LinesEach, reference.Length);
        foreach (ClientProcess person in people) Assert.Equal(reference, await LinesAsync(person));
        // The room's order keeps each sender's own.
        foreach (ClientProcess person in people)
            Assert.Equal(Enumerable.Range(0, LinesEach).Select(i => $"{person.Name} {i}"), reference.Where(l => l.StartsWith(person.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task History_survives_a_restart_of_the_server()
    {
        using var folder = new Support.TempFolder();
        await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("Ada"));
        await using (ServerProcess first = await ServerProcess.StartAsync(folder.Folder("server")))
        {
            await ada.JoinAsync(first.Address);
            await ada.Bridge.RequestAsync("chat", "say", new { text = "kept" });
            Assert.Equal(0, await first.Process.StopAsync());
        }
        await using ServerProcess second = await ServerProcess.StartAsync(folder.Folder("server"));
        await ada.JoinAsync(second.Address);
        JsonElement history = await ada.Bridge.RequestAsync("chat", "history", new { limit = 10 });
        Assert.Equal(["kept"], history.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("text").GetString()));
    }

    private static async Task SayAllAsync(ClientProcess person)
    {
        for (int i = 0; i < LinesEach; i++) await person.Bridge.RequestAsync("chat", "say", new { text = $"{person.Name} {i}" });
    }

    private static async Task<string[]> LinesAsync(ClientProcess person)
    {
        await person.Bridge.Events.UntilAsync(events => Lines(events).Count() >= 3 * LinesEach);
        return [.. Lines(person.Bridge.Events.All)];
    }

    /// <summary>As a page shows them: the newest ones at the join, then each as it is said.</summary>
    private static IEnumerable<string> Lines(IEnumerable<BridgeEvent> events) =>
        from happened in events
        where happened.Plugin == "chat"
        from line in happened.Type switch
        {
            "history.loaded" => happened.Body.GetProperty("items").EnumerateArray(),
            "said" => Enumerable.Repeat(happened.Body, 1),
            _ => [],
        }
        select line.GetProperty("text").GetString();
}
