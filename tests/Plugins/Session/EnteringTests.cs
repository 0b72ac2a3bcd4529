using LanCollab.Plugins.Session;
using Microsoft.Extensions.Logging;

namespace LanCollab.Tests.Plugins.Session;

public class EnteringTests : DoorTestBase
{
    private protected override Dictionary<string, string?> Settings => new() { ["MaxMembers"] = "3", ["MaxRooms"] = "2" };

    [Fact]
    public async Task A_newcomer_gets_the_seat_before_anything_else_and_the_others_hear_of_it()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        var entered = Assert.IsType<Entered>(bob.Events.All[0]);
        Assert.Equal(["Ada", "Bob"], entered.Members.Select(m => m.Name));
        Assert.Equal("Bridge", entered.Room);
        Assert.NotNull(entered.Admission);
        Assert.Equal(new Heartbeat(2000, 5000, 8000, 60_000), entered.Heartbeat);
        Assert.Equal(new Member(bob.Id, "Bob", "present"), (await ada.WaitAsync<MemberJoined>()).Member);
        Assert.Equal(["Ada", "Bob"], Server.Members("bridge").Select(p => p.Name));
        Assert.Equal(2, Hub.Admissions.Seats.Count);
    }

    [Fact]
    public async Task A_name_is_taken_ignoring_case_and_free_again_after_leaving()
    {
        Caller ada = await EnterAsync("Ada"), other = Call();
        await RefusedAsync("name-taken", other.EnterAsync("ADA"));
        await ada.AskAsync(new Leave());
        await other.EnterAsync("ADA");
    }

    [Fact]
    public async Task The_same_name_in_another_room_is_somebody_else()
    {
        await EnterAsync("Ada");
        await EnterAsync("Ada", "Engine");
        Assert.Single(Server.Members("Engine"));
    }

    [Fact]
    public async Task A_room_is_spelled_as_its_first_member_spelled_it()
    {
        await EnterAsync("Ada", "Bridge");
        Caller bob = await EnterAsync("Bob", " BRIDGE ");
        Assert.Equal("Bridge", bob.Entered.Room);
    }

    [Theory]
    [InlineData("", "Bridge", "bad-name")]
    [InlineData("A\u202Eda", "Bridge", "bad-name")]
    [InlineData("Ada", " ", "bad-room")]
    public async Task Bad_names_are_refused(string name, string room, string code) => await RefusedAsync(code, Call().EnterAsync(name, room));

    [Theory]
    [InlineData("")]
    [InlineData("AAECAw")]
    [InlineData("not base64!")]
    public async Task A_device_secret_of_another_length_is_refused(string device) =>
        await RefusedAsync("bad-device", Call().AskAsync(new Enter("Bridge", "Ada", device)));

    [Fact]
    public async Task A_full_room_and_a_full_server_refuse()
    {
        foreach (string name in new[] { "Ada", "Bob", "Cleo" }) await EnterAsync(name);
        await RefusedAsync("room-full", Call().EnterAsync("Dan"));
        Caller dan = await EnterAsync("Dan", "Engine");
        await RefusedAsync("too-many-rooms", Call().EnterAsync("Eve", "Galley"));
        await dan.AskAsync(new Leave());
        await EnterAsync("Eve", "Galley");
    }

    [Fact]
    public async Task A_full_room_still_takes_back_its_own()
    {
        await EnterAsync("Ada", device: 1);
        await EnterAsync("Bob", device: 2);
        await EnterAsync("Cleo", device: 3);
        await EnterAsync("Bob", device: 2);
        Assert.Equal(3, Server.Members("Bridge").Count);
    }

    [Fact]
    public async Task After_a_refusal_the_same_connection_may_try_again()
    {
        await EnterAsync("Ada");
        Caller other = Call();
        await RefusedAsync("name-taken", other.EnterAsync("Ada"));
        await other.EnterAsync("Bob");
        Assert.Equal("Bob", other.Entered.Self.Name);
    }

    [Fact]
    public async Task Who_enters_nothing_within_5_s_is_shown_out()
    {
        Caller silent = Call(), refused = Call(), seated = await EnterAsync("Ada");
        await RefusedAsync("bad-name", refused.EnterAsync(""));
        // An answer shows that the silent one's handler has begun, too: it was called first.
        Advance(4.9);
        Assert.False(refused.Channel.Closed.IsCancellationRequested);
        Advance(5.2);
        await refused.Ended;
        await silent.Ended;
        Assert.Contains("within 5 s", refused.Channel.CloseReason);
        Assert.DoesNotContain("within 5 s", seated.Channel.CloseReason ?? "");
    }

    [Fact]
    public async Task Messages_out_of_order_break_the_protocol()
    {
        foreach (object message in new object[] { new Beat(), new Leave(), new SetAway(true) })
        {
            Caller caller = Call();
            await Assert.ThrowsAsync<UserErrorException>(() => caller.AskAsync(message));
            await caller.Ended;
        }
        Caller twice = await EnterAsync("Ada");
        await Assert.ThrowsAsync<UserErrorException>(() => twice.EnterAsync("Bob"));
        await Hub.ProtocolErrors.WaitCountAsync(4);
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_refused()
    {
        Caller caller = Call();
        await caller.Channel.SendAsync(new Frame(FrameKind.Json, """{"type":"session/enter","id":99,"body":{"room":7}}"""u8.ToArray()), CancellationToken.None);
        await Hub.Log.Lines.WaitAsync(line => line.Text.Contains("bad-request"));
        await caller.EnterAsync("Ada");
    }

    [Fact]
    public async Task Other_plugins_hear_of_every_seat_once_and_one_that_fails_keeps_nobody_from_it()
    {
        List<string> heard = [];
        Server.Joined += _ => throw new InvalidOperationException("broken");
        Server.Joined += peer => heard.Add($"+{peer.Name} {Server.Members(peer.Room).Count}");
        Server.Left += peer => heard.Add($"-{peer.Name} {Server.Members(peer.Room).Count} {Hub.Admissions.Seats.Count}");
        Caller ada = await EnterAsync("Ada");
        await ada.AskAsync(new Leave());
        Assert.Equal(["+Ada 1", "-Ada 0 0"], heard);
        Assert.Contains(Hub.Log.Lines.All, line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Nothing_secret_is_logged()
    {
        Caller ada = await EnterAsync("Ada", password: "swordfish", device: 42);
        await RefusedAsync("wrong-password", Call().EnterAsync("Bob", password: "marlin"));
        string log = string.Join('\n', Hub.Log.Lines.All);
        foreach (string secret in new[] { "swordfish", "marlin", ada.Entered.Resume, ada.Entered.Admission!.Token, Caller.Device(42) })
            Assert.DoesNotContain(secret, log);
    }

    [Fact]
    public async Task One_who_flips_between_away_and_back_without_end_is_throttled_and_told_for_how_long()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        for (int i = 0; i < 19; i++) await ada.AskAsync(new SetAway(i % 2 == 0));
        UserErrorException refusal = await RefusedAsync("throttled", ada.AskAsync(new SetAway(false)));
        Assert.Equal(TimeSpan.FromMilliseconds(100), refusal.RetryAfter);
        Hub.Time.Advance(TimeSpan.FromMilliseconds(100));
        await ada.AskAsync(new SetAway(false));
        await bob.AskAsync(new SetAway(true));
    }
}
