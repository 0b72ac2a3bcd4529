using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class PresenceTests
{
    /// <summary>What is promised about people who vanish, in ms.</summary>
    private const int Promise = 8000;

    [Fact]
    public async Task A_killed_client_is_gone_from_every_roster_within_8_s_and_its_name_is_free()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"), meeting.JoinAsync("Cleo"));
        await RosterAsync(people[0], 3);
        long killed = Stopwatch.GetTimestamp();
        await people[2].Process.KillAsync();
        foreach (ClientProcess witness in people[..2]) await GoneAsync(meeting, witness, people[2], killed);

        ClientProcess other = await meeting.StartClientAsync("Somebody");
        JsonElement joined = await other.Bridge.RequestAsync("session", "join", new { server = meeting.Server.Address, room = "room", name = "Cleo" });
        Assert.Equal(3, joined.GetProperty("members").GetArrayLength());
    }

    [Fact]
    public async Task A_hanging_client_is_gone_within_8_s_and_comes_back_when_it_wakes()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"));
        await RosterAsync(people[0], 2);
        long hung = Stopwatch.GetTimestamp();
        people[1].Process.Suspend();
        await GoneAsync(meeting, people[0], people[1], hung);
        int before = people[0].Bridge.All("session", "member.joined").Count;
        people[1].Process.Continue();
        await people[0].Bridge.Events.UntilAsync(
            events => events.Count(e => e is { Plugin: "session", Type: "member.joined" }) > before);
    }

    [Fact]
    public async Task A_name_in_use_and_a_wrong_password_are_refused_with_a_sentence()
    {
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Session:Password=sesame");
        ClientProcess ada = await meeting.StartClientAsync("Ada");
        await ada.JoinAsync(meeting.Server.Address, password: "sesame");
        ClientProcess bob = await meeting.StartClientAsync("Bob");

        UserErrorException taken = await RefusedAsync(bob, meeting, "Ada", "sesame");
        Assert.Equal("name-taken", taken.Code);
        UserErrorException wrong = await RefusedAsync(bob, meeting, "Bob", "simsalabim");
        Assert.Equal("wrong-password", wrong.Code);
        Assert.EndsWith(".", wrong.Message);
        await bob.JoinAsync(meeting.Server.Address, password: "sesame");
    }

    [Fact]
    public async Task A_client_that_joins_by_itself_with_a_wrong_password_says_so_once_and_its_page_may_give_the_right_one()
    {
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Session:Password=sesame");
        ClientProcess kiosk = await meeting.StartClientAsync("Kiosk", $"--Client:Server={meeting.Server.Address}", "--Client:Room=room", "--Client:Name=Kiosk", "--Client:Password=simsalabim");
        await kiosk.Process.WaitLineAsync("is given up: The password is wrong.");
        await kiosk.Bridge.WaitAsync("session", "state", e => e.GetProperty("state").GetString() == "disconnected" && e.TryGetProperty("reason", out JsonElement why) && why.GetString() == "The password is wrong.");
        await kiosk.JoinAsync(meeting.Server.Address, password: "sesame");
        Assert.Single(kiosk.Process.Lines.All, line => line.Contains("is given up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leaving_is_seen_at_once()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"));
        await people[1].Bridge.RequestAsync("session", "leave");
        await people[0].Bridge.WaitAsync("session", "member.left", e => e.GetProperty("name").GetString() == "Bob");
    }

    private static Task<UserErrorException> RefusedAsync(ClientProcess client, Meeting meeting, string name, string password) =>
        Assert.ThrowsAsync<UserErrorException>(() =>
            client.Bridge.RequestAsync("session", "join", new { server = meeting.Server.Address, room = "room", name, password }));

    /// <summary>Somebody is told in time, from the moment it happened on, that another person is lost; and the hub, by its own count from the last sign of life on, gave that person up in time.</summary>
    private static async Task GoneAsync(Meeting meeting, ClientProcess witness, ClientProcess gone, long since)
    {
        JsonElement left = await witness.Bridge.WaitAsync("session", "member.left", e => e.GetProperty("id").GetString() == gone.Id);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalMilliseconds, 0, Promise);
        Assert.Equal("lost", left.GetProperty("reason").GetString());
        Match silent = await LogFile.WaitAsync(meeting.Folder["server/logs/server.log"], $@"Nothing was heard from .*{gone.Name}.* for (\d+) ms");
        Assert.InRange(int.Parse(silent.Groups[1].Value, CultureInfo.InvariantCulture), 1, Promise);
    }

    private static Task RosterAsync(ClientProcess person, int members) => person.Bridge.Events.UntilAsync(events =>
        events.Where(e => e is { Plugin: "session", Type: "joined" }).Select(e => e.Body.GetProperty("members").GetArrayLength()).LastOrDefault()
        + events.Count(e => e is { Plugin: "session", Type: "member.joined" }) >= members);
}
