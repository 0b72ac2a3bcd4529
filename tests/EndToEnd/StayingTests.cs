using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using LanCollab.Host.Net;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Processes;
using LanCollab.Tests.Support.Scripted;

namespace LanCollab.Tests.EndToEnd;

/// <summary>Staying in the room through cuts and restarts, with real processes.</summary>
[Collection(EndToEndCollection.Name)]
public class StayingTests
{
    private const int People = 50, Size = 4 * 1024 * 1024;

    [Fact]
    public async Task After_a_kill_of_the_server_50_clients_are_back_within_10_s_with_roster_history_and_transfers()
    {
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Screen:Enabled=false", "--Plugins:Media:Enabled=false");
        ClientProcess ada = await meeting.JoinAsync("Ada", $"--Plugins:Files:UploadLimit={Size / 4}");
        using var stop = new CancellationTokenSource();
        ScriptedSeat[] seats = [.. Enumerable.Range(1, People - 1).Select(n => NewSeat(meeting, n))];
        Task[] staying = [.. seats.Select(seat => seat.RunAsync(stop.Token))];
        await RosterAsync(ada, People, joins: 1);
        foreach (string text in new[] { "one", "two", "three" }) await ada.Bridge.RequestAsync("chat", "say", new { text });
        string hash = await OfferAsync(meeting, ada);

        int before = ada.Bridge.All("session", "joined").Count;
        await meeting.RestartServerAsync("session", "chat", "files");
        long up = Stopwatch.GetTimestamp();
        await RosterAsync(ada, People, before + 1);
        Assert.InRange(Stopwatch.GetElapsedTime(up), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        Assert.Equal(ada.Id, ada.Bridge.All("session", "joined")[^1].GetProperty("self").GetProperty("id").GetString());
        Assert.All(seats, seat => Assert.Equal(1, seat.Count.Entered));
        JsonElement history = await ada.Bridge.RequestAsync("chat", "history", new { limit = 10 });
        Assert.Equal(["one", "two", "three"], history.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("text").GetString()));
        JsonElement uploaded = await ada.Bridge.WaitAsync("files", "uploaded");
        Assert.InRange(uploaded.GetProperty("resumedFrom").GetInt64(), 1, Size);
        Assert.Equal(hash, (await ada.Bridge.WaitAsync("files", "offered")).GetProperty("sha256").GetString());
        await stop.CancelAsync();
        await Task.WhenAll(staying);
    }

    [Fact]
    public async Task A_client_whose_traffic_is_cut_for_5_s_is_never_shown_as_gone()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        await using var network = new FaultyNetwork(meeting.Server);
        ClientProcess ada = await meeting.JoinAsync("Ada"), bob = await meeting.StartClientAsync("Bob");
        await bob.JoinAsync(network.Address);
        await CutAsync(network, TimeSpan.FromSeconds(5));
        // Its next line shows that it is back, whatever it took.
        await bob.Bridge.RequestAsync("chat", "say", new { text = "still here" });
        await ada.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "still here");
        await ada.Bridge.Events.UntilAsync(events =>
            events.LastOrDefault(e => e is { Plugin: "session", Type: "member.changed" })?.Body.GetProperty("member").GetProperty("state").GetString() is null or "present");
        Assert.Empty(ada.Bridge.All("session", "member.left"));
        Assert.All(bob.Bridge.All("session", "joined"), joined => Assert.Equal(bob.Id, joined.GetProperty("self").GetProperty("id").GetString()));
    }

    /// <summary>A cut of 30 s with the defaults; here all times are a quarter of that.</summary>
    [Fact]
    public async Task A_client_that_is_cut_for_30_s_is_lost_and_returns_to_its_own_seat()
    {
        await using Meeting meeting = await Meeting.StartAsync(
            "--Plugins:Session:BeatEvery=00:00:00.5", "--Plugins:Session:SuspectAfter=00:00:01.25", "--Plugins:Session:LostAfter=00:00:02", "--Plugins:Session:KeepFor=00:00:15");
        await using var network = new FaultyNetwork(meeting.Server);
        ClientProcess ada = await meeting.JoinAsync("Ada"), bob = await meeting.StartClientAsync("Bob");
        await bob.JoinAsync(network.Address);
        await ada.Bridge.RequestAsync("session", "role", new { id = bob.Id, role = "presenter" });
        await bob.Bridge.RequestAsync("session", "hand", new { raised = true });
        await CutAsync(network, TimeSpan.FromSeconds(7.5));

        JsonElement back = (await ada.Bridge.WaitAsync("session", "member.joined", e => e.GetProperty("resumed").GetBoolean())).GetProperty("member");
        Assert.Equal("lost", ada.Bridge.All("session", "member.left").Single().GetProperty("reason").GetString());
        Assert.Equal((bob.Id, "presenter", 1), (back.GetProperty("id").GetString(), back.GetProperty("role").GetString(), back.GetProperty("hand").GetInt32()));
        await bob.Bridge.RequestAsync("chat", "say", new { text = "back" });
        await ada.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "back");
    }

    private static ScriptedSeat NewSeat(Meeting meeting, int number) =>
        new(ServerAddress.Parse(meeting.Server.Address, 0), "room", $"P{number}", new Dialer(TimeProvider.System), new Random(number));

    /// <summary>Nothing passes, and nobody is told.</summary>
    private static async Task CutAsync(FaultyNetwork network, TimeSpan duration)
    {
        foreach (Direction direction in Enum.GetValues<Direction>()) network.Stall(direction);
        await Task.Delay(duration);
        foreach (Direction direction in Enum.GetValues<Direction>()) network.Flow(direction);
    }

    /// <summary>Begins an upload and returns when a part of it has been acknowledged, with the file's hash.</summary>
    private static async Task<string> OfferAsync(Meeting meeting, ClientProcess person)
    {
        byte[] content = new byte[Size];
        new Random(5).NextBytes(content);
        await File.WriteAllBytesAsync(meeting.Folder["plan.bin"], content);
        await person.Bridge.RequestAsync("files", "offer", new { path = meeting.Folder["plan.bin"] });
        await person.Bridge.WaitAsync("files", "progress", e => e.GetProperty("done").GetInt64() > 0);
        Assert.Empty(person.Bridge.All("files", "uploaded"));
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>Waits until a page has so many people in its list, after it has been told so often that it is in the room.</summary>
    private static Task RosterAsync(ClientProcess person, int members, int joins) => person.Bridge.Events.UntilAsync(
        events => events.Count(e => e is { Plugin: "session", Type: "joined" }) >= joins && Count(events) >= members);

    private static int Count(IReadOnlyList<BridgeEvent> events)
    {
        int last = events.ToList().FindLastIndex(e => e is { Plugin: "session", Type: "joined" });
        HashSet<string> here = [.. events[last].Body.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("id").GetString()!)];
        foreach (BridgeEvent e in events.Skip(last).Where(e => e.Plugin == "session"))
        {
            if (e.Type == "member.joined") here.Add(e.Body.GetProperty("member").GetProperty("id").GetString()!);
            if (e.Type == "member.left") here.Remove(e.Body.GetProperty("id").GetString()!);
        }
        return here.Count;
    }
}
