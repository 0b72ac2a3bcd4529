using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>A disk whose fsync fails, below the chat history of a real server.</summary>
[Collection(EndToEndCollection.Name)]
public class ChatDiskTests
{
    /// <summary>Lines that may be said before the failure must show.</summary>
    private const int Most = 2000;

    /// <param name="file">Whose flushes fail: that of the log, each of which is a line's; that of the file itself, into which the log is moved from time to time.</param>
    /// <param name="good">
    /// From which flush of a thread on they fail: those of the start succeed, and those of some lines. A file that is there already is not flushed at a start, and which thread moves the log is
    /// open: so the very first one.
    /// </param>
    [Theory]
    [InlineData("chat.db-wal", 12), InlineData("chat.db", 1)]
    public async Task When_fsync_fails_the_answer_is_clear_and_nothing_is_acknowledged_any_more_and_all_that_was_is_there_after_a_restart(string file, int good)
    {
        if (!TracedServer.CanTrace) Assert.Skip("strace is not here.");
        using var folder = new TempFolder();
        string data = folder.Folder("server");
        var acknowledged = new List<string>();
        await using (ServerProcess before = await ServerProcess.StartAsync(data, Quiet)) Assert.Equal(0, await before.Process.StopAsync());
        await using (ServerProcess server = await ServerProcess.StartByAsync(
            TracedServer.Launcher(folder["strace.log"], [folder[$"server/chat/{file}"]], $"fsync,fdatasync:error=EIO:when={good}+"), data, Quiet))
        {
            await using var end = new TracedServer(server.Process.Id);
            await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada")), bob = await ClientProcess.StartAsync("Bob", folder.Folder("bob"));
            await ada.JoinAsync(server.Address);
            await bob.JoinAsync(server.Address);
            UserErrorException refusal = await SayUntilRefusedAsync(ada, acknowledged);
            Assert.Equal("not-saved", refusal.Code);
            Assert.Contains("could not save", refusal.Message);
            Assert.NotEmpty(acknowledged);
            // Never retried and hoped for: what the disk has is unknown until the server reads it again.
            Assert.Equal("not-saved", (await Assert.ThrowsAsync<UserErrorException>(() => bob.Bridge.RequestAsync("chat", "say", new { text = "later" }))).Code);
            Assert.Equal(acknowledged, await TextsAsync(bob));
            await server.Process.Lines.WaitAsync(line => line.Contains("error:", StringComparison.Ordinal) && line.Contains("chat", StringComparison.OrdinalIgnoreCase));
        }
        Assert.Contains("EIO", await File.ReadAllTextAsync(folder["strace.log"]));
        await using ServerProcess again = await ServerProcess.StartAsync(data, Quiet);
        await using ClientProcess cleo = await ClientProcess.StartAsync("Cleo", folder.Folder("cleo"));
        await cleo.JoinAsync(again.Address);
        Assert.Equal(acknowledged, (await TextsAsync(cleo)).Take(acknowledged.Count));
        await cleo.Bridge.RequestAsync("chat", "say", new { text = "well again" });
    }

    private static IEnumerable<string> Quiet { get; } = ["--Plugins:Files:Enabled=false", "--Plugins:Screen:Enabled=false", "--Plugins:Media:Enabled=false", "--Plugins:Chat:LinesPerSecond=100000", "--Plugins:Chat:Burst=100000"];

    private static async Task<UserErrorException> SayUntilRefusedAsync(ClientProcess person, List<string> acknowledged)
    {
        for (int number = 1; ; number++)
        {
            try
            {
                await person.Bridge.RequestAsync("chat", "say", new { text = Text(number) });
                acknowledged.Add(Text(number));
            }
            catch (UserErrorException e)
            {
                return e;
            }
            Assert.InRange(number, 1, Most);
        }
    }

    private static string Text(int number) => $"line {number} {new string('x', 3000)}";

    private static async Task<List<string>> TextsAsync(ClientProcess person)
    {
        var texts = new List<string>();
        while (true)
        {
            JsonElement page = await person.Bridge.RequestAsync("chat", "history", new { after = texts.Count, limit = 200 });
            texts.AddRange(page.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("text").GetString()!));
            if (!page.GetProperty("more").GetBoolean()) return texts;
        }
    }
}
