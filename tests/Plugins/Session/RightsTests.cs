using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>Who may do what to whom.</summary>
public class RightsTests : DoorTestBase
{
    private protected override Dictionary<string, string?> Settings => new() { ["AdminPassword"] = "operator", ["MaxMembers"] = "5" };

    [Fact]
    public async Task The_first_is_moderator_and_the_others_are_members()
    {
        await EnterAsync("Ada");
        Caller bob = await EnterAsync("Bob");
        Assert.Equal(["moderator", "member"], bob.Entered.Members.Select(m => m.Role));
        Assert.Equal([Role.Moderator, Role.Member], Server.Members("Bridge").Select(p => p.Role));
    }

    [Fact]
    public async Task When_the_last_moderator_leaves_the_one_who_has_been_there_longest_follows_unless_restricted()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob"), cleo = await EnterAsync("Cleo");
        await ada.AskAsync(new SetRole(bob.Id, "listener"));
        await ada.AskAsync(new Leave());
        await bob.WaitAsync<MemberChanged>(c => c.Member.Id == cleo.Id && c.Member.Role == "moderator");
        await cleo.AskAsync(new Leave());
        await bob.WaitAsync<MemberChanged>(c => c.Member.Id == bob.Id && c.Member.Role == "moderator");
    }

    [Fact]
    public async Task Roles_are_given_and_told_to_everybody_and_to_other_plugins()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        List<(string, Role)> heard = [];
        Server.Changed += peer => heard.Add((peer.Name, peer.Role));
        await ada.AskAsync(new SetRole(bob.Id, "presenter"));
        Assert.Equal("presenter", (await bob.WaitAsync<MemberChanged>()).Member.Role);
        Assert.Equal([("Bob", Role.Presenter)], heard);
        await RefusedAsync("bad-role", ada.AskAsync(new SetRole(bob.Id, "king")));
        await RefusedAsync("unknown-person", ada.AskAsync(new SetRole("0", "member")));
        await RefusedAsync("last-moderator", ada.AskAsync(new SetRole(ada.Id, "member")));
        await RefusedAsync("not-allowed", bob.AskAsync(new SetRole(bob.Id, "moderator")));
    }

    [Fact]
    public async Task The_operator_may_show_it_later_and_guessing_is_slowed_down()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await ada.AskAsync(new SetRole(bob.Id, "listener"));
        await RefusedAsync("wrong-password", bob.AskAsync(new BeOperator("guess")));
        await bob.AskAsync(new BeOperator("operator"));
        Assert.Equal("moderator", (await ada.WaitAsync<MemberChanged>(c => c.Member.Id == bob.Id && c.Member.Role == "moderator")).Member.Role);
        await RefusedAsync("is-operator", ada.AskAsync(new SetRole(bob.Id, "member")));
        await RefusedAsync("is-operator", ada.AskAsync(new RemoveMember(bob.Id)));
        for (int i = 0; i < 4; i++) await RefusedAsync("wrong-password", ada.AskAsync(new BeOperator($"guess {i}")));
        await RefusedAsync("throttled", ada.AskAsync(new BeOperator("operator")));
    }

    [Fact]
    public async Task Mute_all_spares_moderators_and_unmuting_is_theirs()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob"), cleo = await EnterAsync("Cleo");
        await ada.AskAsync(new SetRole(cleo.Id, "moderator"));
        await ada.AskAsync(new MuteAll());
        Assert.Equal([false, true, false], Server.Members("Bridge").Select(p => p.Muted));
        await RefusedAsync("not-allowed", bob.AskAsync(new SetMuted(bob.Id, false)));
        await RefusedAsync("is-moderator", ada.AskAsync(new SetMuted(cleo.Id, true)));
        await cleo.AskAsync(new SetMuted(bob.Id, false));
        await bob.WaitAsync<MemberChanged>(c => c.Member.Id == bob.Id && !c.Member.Muted);
        Assert.DoesNotContain(Server.Members("Bridge"), p => p.Muted);
    }

    [Fact]
    public async Task Nobody_gets_rid_of_silence_by_leaving_and_coming_again()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob", device: 5);
        await ada.AskAsync(new SetMuted(bob.Id, true));
        await bob.AskAsync(new Leave());
        await EnterAsync("Innocent", device: 5);
        Assert.True(Server.Members("Bridge")[1].Muted);
    }

    [Fact]
    public async Task Removed_is_out_at_once_and_may_come_again_banned_may_not_until_it_is_lifted()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob", device: 5);
        await ada.AskAsync(new RemoveMember(bob.Id));
        Assert.Equal("removed", (await bob.WaitAsync<Dismissed>()).Reason);
        await bob.Ended;
        Assert.Equal("removed", (await ada.WaitAsync<MemberLeft>()).Reason);
        await RefusedAsync("unknown-seat", Call().ResumeAsync(bob));
        Caller again = await EnterAsync("Bob", device: 5);
        await ada.AskAsync(new RemoveMember(again.Id, Ban: true));
        await RefusedAsync("banned", Call().EnterAsync("Robert", device: 5));
        Ban ban = (await ada.AskAsync<BanList>(new ListBans())).Items.Single();
        Assert.Equal("Bob", ban.Name);
        await ada.AskAsync(new LiftBan(ban.Person));
        await RefusedAsync("unknown-person", ada.AskAsync(new LiftBan(ban.Person)));
        await EnterAsync("Robert", device: 5);
    }

    [Fact]
    public async Task Hands_keep_the_order_in_which_they_were_raised()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob"), cleo = await EnterAsync("Cleo");
        foreach (Caller one in new[] { cleo, ada, bob }) await one.AskAsync(new SetHand(true));
        await cleo.AskAsync(new SetHand(true));
        Assert.Equal(["Cleo", "Ada", "Bob"], await QueueAsync());
        await RefusedAsync("not-allowed", bob.AskAsync(new SetHand(false, cleo.Id)));
        await RefusedAsync("bad-request", ada.AskAsync(new SetHand(true, bob.Id)));
        await ada.AskAsync(new SetHand(false, cleo.Id));
        await cleo.AskAsync(new SetHand(true));
        Assert.Equal(["Ada", "Bob", "Cleo"], await QueueAsync());
    }

    [Fact]
    public async Task The_operator_is_moderator_in_any_room_however_it_is_kept_and_stays_it()
    {
        Caller ada = await EnterAsync("Ada", password: "secret");
        await ada.AskAsync(new SetRules(Locked: true, Lobby: true, Capacity: 1));
        Caller root = await EnterAsync("Root", password: "operator");
        Assert.Equal("moderator", root.Entered.Members[1].Role);
        await RefusedAsync("is-operator", ada.AskAsync(new SetRole(root.Id, "listener")));
        await RefusedAsync("is-operator", ada.AskAsync(new RemoveMember(root.Id)));
        await RefusedAsync("room-locked", Call().EnterAsync("Bob", password: "secret"));
    }

    [Fact]
    public async Task Guessing_at_the_operators_password_is_slowed_down_where_none_is_needed_too()
    {
        await EnterAsync("Ada");
        for (int i = 0; i < 5; i++)
        {
            Caller guess = Call("10.0.0.9");
            await guess.EnterAsync("Eve", password: $"guess {i}");
            await guess.AskAsync(new Leave());
        }
        await RefusedAsync("throttled", Call("10.0.0.9").EnterAsync("Eve", password: "operator"));
    }

    [Fact]
    public async Task Rules_are_told_and_held()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await RefusedAsync("not-allowed", bob.AskAsync(new SetRules(Locked: true)));
        await ada.AskAsync(new SetRules(Password: "swordfish", Capacity: 3));
        Assert.Equal(new RoomRules(false, false, true, 3), (await bob.WaitAsync<RulesChanged>()).Rules);
        await RefusedAsync("wrong-password", Call().EnterAsync("Cleo"));
        Caller cleo = await EnterAsync("Cleo", password: "swordfish");
        Assert.Equal(new RoomRules(false, false, true, 3), cleo.Entered.Rules);
        await RefusedAsync("room-full", Call().EnterAsync("Dan", password: "swordfish"));
        await ada.AskAsync(new SetRules(Locked: true, Password: ""));
        await RefusedAsync("room-locked", Call().EnterAsync("Dan"));
        await Call().ResumeAsync(cleo);
        await RefusedAsync("bad-request", ada.AskAsync(new SetRules(Capacity: 6)));
        await RefusedAsync("bad-request", ada.AskAsync(new SetRules(Capacity: 0)));
    }

    private async Task<IEnumerable<string>> QueueAsync()
    {
        Caller late = await EnterAsync($"Late");
        await late.AskAsync(new Leave());
        return late.Entered.Members.Where(m => m.Hand is not null).OrderBy(m => m.Hand).Select(m => m.Name);
    }
}
