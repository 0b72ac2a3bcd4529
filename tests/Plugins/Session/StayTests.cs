using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>The client's half against the hub's.</summary>
public class StayTests : DoorTestBase
{
    [Fact]
    public async Task A_join_answers_with_the_room_and_hands_the_admission_over()
    {
        Caller ada = await EnterAsync("Ada");
        TestClientContext bob = await StartAsync();
        var joined = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        Assert.Equal(["Ada", "Bob"], joined.Members.Select(m => m.Name));
        Assert.Equal("Bob", joined.Self.Name);
        Assert.Equal("hub.test:5870", bob.Link.Dialled.All.Single());
        Assert.Equal(joined.Self.Id, bob.Link.Established.All.Single().Self.Id);
        await bob.Page.WaitAsync<Joined>();
        await bob.Page.WaitAsync<LinkState>(s => s.State == "connected");
        await ada.WaitAsync<MemberJoined>();
        await ada.AskAsync(new SetAway(true));
        await bob.Page.WaitAsync<MemberChanged>(c => c.Member is { Name: "Ada", State: "away" });
        await ada.AskAsync(new Leave());
        await bob.Page.WaitAsync<MemberLeft>(l => l is { Name: "Ada", Reason: "left" });
    }

    [Fact]
    public async Task A_page_that_connects_later_gets_the_present_state()
    {
        TestClientContext bob = await StartAsync();
        Assert.Equal([new LinkState("disconnected")], bob.Page.First.Events.All);
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        await EnterAsync("Ada");
        await bob.Page.WaitAsync<MemberJoined>();
        TestPage later = bob.Page.Connect();
        Assert.Equal("connected", ((LinkState)later.Events.All[0]).State);
        Assert.Equal(["Bob", "Ada"], ((Joined)later.Events.All[1]).Members.Select(m => m.Name));
    }

    [Fact]
    public async Task A_refusal_reaches_the_page_and_leaves_the_client_in_no_room()
    {
        await EnterAsync("Bob");
        TestClientContext bob = await StartAsync();
        await RefusedAsync("name-taken", bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob")));
        Assert.Empty(bob.Link.Established.All);
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob 2", Server: "other.test"));
        Assert.Equal(["hub.test:5870", "other.test"], bob.Link.Dialled.All);
    }

    [Fact]
    public async Task Leaving_is_heard_by_the_others_before_it_is_answered()
    {
        TestClientContext bob = await StartAsync();
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        await bob.Page.RequestAsync(new Leave());
        Assert.Empty(Server.Members("Bridge"));
        Assert.Single(bob.Link.Dropped.All);
        Assert.Equal(new LinkState("disconnected"), bob.Page.Events<LinkState>()[^1]);
        await bob.Page.RequestAsync(new Leave());
    }

    [Fact]
    public async Task Joining_elsewhere_leaves_the_first_room_and_joining_again_changes_nothing()
    {
        TestClientContext bob = await StartAsync();
        var first = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        var same = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        Assert.Equal(first.Self, same.Self);
        await bob.Page.RequestAsync(new JoinRoom("Engine", "Bob"));
        Assert.Empty(Server.Members("Bridge"));
        Assert.Single(Server.Members("Engine"));
    }

    [Fact]
    public async Task A_broken_connection_is_resumed_with_the_same_seat_and_the_same_keys()
    {
        TestClientContext bob = await StartAsync();
        var before = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        await bob.Page.RequestAsync(new SetAway(true));
        await CutDoorAsync();
        await bob.Page.WaitAsync<LinkState>(s => s is { State: "reconnecting", Reason: not null });
        await MoveUntilAsync(bob, events => events.OfType<Joined>().Count() == 2);
        Assert.Equal(before.Self, bob.Page.Events<Joined>()[^1].Self);
        Assert.Single(bob.Link.Established.All);
        Assert.Equal("connected", bob.Page.Events<LinkState>()[^1].State);
        await bob.Page.First.Events.UntilAsync(events => events.OfType<MemberChanged>().LastOrDefault()?.Member.State == "away");
    }

    [Fact]
    public async Task Who_was_lost_gets_the_same_seat_with_new_keys_and_the_others_hear_that_it_is_back()
    {
        Caller ada = await EnterAsync("Ada");
        TestClientContext bob = await StartAsync();
        var before = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        await LoseAsync(bob, 30);
        bob.GoOnline();
        await MoveUntilAsync(bob, events => events.OfType<Joined>().Count() == 2);
        Assert.Equal(before.Self, bob.Page.Events<Joined>()[^1].Self);
        Assert.Equal(2, bob.Link.Established.Count);
        Assert.NotEqual(bob.Link.Established.All[0].Admission.Token, bob.Link.Established.All[1].Admission.Token);
        MemberJoined back = await ada.WaitAsync<MemberJoined>(j => j.Resumed);
        Assert.Equal(before.Self.Id, back.Member.Id);
    }

    [Fact]
    public async Task When_the_seat_is_no_longer_kept_the_client_enters_anew_under_its_name_and_says_so()
    {
        TestClientContext bob = await StartAsync();
        var before = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        await LoseAsync(bob, 70);
        bob.GoOnline();
        await MoveUntilAsync(bob, events => events.OfType<Joined>().Count() == 2);
        Joined after = bob.Page.Events<Joined>()[^1];
        Assert.NotEqual(before.Self.Id, after.Self.Id);
        Assert.Equal("Bob", after.Self.Name);
        Assert.Contains("entered anew", bob.Page.Events<LinkState>()[^1].Reason);
    }

    [Fact]
    public async Task When_somebody_took_the_name_meanwhile_the_seat_comes_back_under_one_like_it()
    {
        TestClientContext bob = await StartAsync();
        var before = await bob.Page.RequestAsync<Joined>(new JoinRoom("Bridge", "Bob"));
        await LoseAsync(bob, 8);
        await EnterAsync("Bob");
        bob.GoOnline();
        await MoveUntilAsync(bob, events => events.OfType<Joined>().Count() == 2);
        Assert.Equal(new Person(before.Self.Id, "Bob 2"), bob.Page.Events<Joined>()[^1].Self);
        Assert.Contains("you are Bob 2", bob.Page.Events<LinkState>()[^1].Reason);
    }

    [Fact]
    public async Task A_copy_of_this_client_takes_the_seat_and_this_one_does_not_fight_back()
    {
        TestClientContext bob = await StartAsync();
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        Caller copy = Call();
        await copy.AskAsync(new Enter("Bridge", "Bob", DeviceSecret.LoadOrCreate(bob.DataDirectory, [], Hub.Log).For(bob.Link.Fingerprint)));
        await bob.Page.WaitAsync<LinkState>(s => s.State == "disconnected");
        Advance(7);
        Assert.Single(Server.Members("Bridge"));
        Assert.Single(bob.Link.Dialled.All);
    }

    [Fact]
    public async Task A_client_beats_and_stays_present()
    {
        Caller ada = await EnterAsync("Ada");
        TestClientContext bob = await StartAsync();
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        for (int beat = 1; beat <= 6; beat++)
        {
            await ada.BeatAsync();
            Advance(2);
            int expected = beat;
            await Hub.Log.Lines.UntilAsync(lines => lines.Count(l => l.Id.Id == 2105) >= expected);
        }
        Assert.Empty(ada.Got<MemberChanged>());
    }

    [Fact]
    public async Task A_restarted_client_takes_its_own_seat_over()
    {
        TestClientContext bob = await StartAsync();
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        string seed = File.ReadAllText(Path.Combine(bob.DataDirectory, "device.seed"));
        TestClientContext again = await StartAsync(seed);
        await again.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        await bob.Page.WaitAsync<LinkState>(s => s.Reason?.Contains("again from the same machine") == true);
        Assert.Single(Server.Members("Bridge"));
    }

    [Fact]
    public async Task A_client_that_is_stopped_leaves_at_once()
    {
        TestClientContext bob = await StartAsync();
        await bob.Page.RequestAsync(new JoinRoom("Bridge", "Bob"));
        await bob.DisposeAsync();
        Assert.Empty(Server.Members("Bridge"));
    }

    [Fact]
    public async Task A_client_with_room_and_name_joins_by_itself_and_waits_for_its_name()
    {
        Caller holder = await EnterAsync("Bob");
        TestClientContext bob = await StartAsync(autoJoin: ("Bridge", "Bob", null));
        await bob.Page.WaitAsync<LinkState>(s => s.State == "reconnecting" && s.Reason?.Contains("already in this room") == true);
        await holder.AskAsync(new Leave());
        await MoveUntilAsync(bob, events => events.OfType<Joined>().Any());
        Assert.Equal("Bob", bob.Page.Events<Joined>()[0].Self.Name);
    }

    [Fact]
    public async Task A_wrong_password_stops_joining_by_itself()
    {
        await EnterAsync("Ada", password: "swordfish");
        TestClientContext bob = await StartAsync(autoJoin: ("Bridge", "Bob", "marlin"));
        LogLine line = await Hub.Log.Lines.WaitAsync(l => l.Id.Id == 2103);
        Assert.Contains("The password is wrong.", line.Text);
        await bob.Page.WaitAsync<LinkState>(s => s.State == "disconnected" && s.Reason == "The password is wrong.");
    }

    [Fact]
    public async Task Known_servers_are_offered_with_the_default()
    {
        TestClientContext bob = await StartAsync();
        bob.Link.KnownServers = [new KnownServer("10.0.0.7:5870", "ab12")];
        var servers = await bob.Page.RequestAsync<ServerList>(new ListServers());
        Assert.Equal("10.0.0.7:5870", servers.Items.Single().Address);
        Assert.Equal("hub.test:5870", servers.Default);
    }

    [Fact]
    public async Task Away_without_a_room_is_refused()
    {
        TestClientContext bob = await StartAsync();
        await RefusedAsync("not-joined", bob.Page.RequestAsync(new SetAway(true)));
    }

    private async Task<TestClientContext> StartAsync(string? seed = null, (string?, string?, string?) autoJoin = default)
    {
        TestClientContext client = Hub.NewClient();
        client.Link.AutoJoin = autoJoin;
        if (seed is not null) await File.WriteAllTextAsync(Path.Combine(client.DataDirectory, "device.seed"), seed);
        await client.StartAsync(new SessionClient(client.Link, Hub.Log, new NoWallClock(Hub.Time)));
        return client;
    }

    /// <summary>Takes a client off the network for so long that nobody believes in it any more.</summary>
    private async Task LoseAsync(TestClientContext client, double seconds)
    {
        client.GoOffline();
        await CutDoorAsync();
        await client.Page.WaitAsync<LinkState>(s => s.State == "reconnecting");
        for (double left = seconds; left > 0; left -= 2)
        {
            foreach (Caller caller in Callers) await caller.BeatAsync();
            Advance(Math.Min(2, left));
        }
        await Hub.Admissions.Revoked.WaitCountAsync(1);
    }

    // Until the hub has seen it: what was sent before may be read late, which counts as a sign of life.
    private async Task CutDoorAsync()
    {
        InMemoryChannel[] doors = [.. Hub.Server.Channels.Where(c => c.Service == "session" && !Callers.Any(caller => caller.Channel.IsOtherEndOf(c)))];
        foreach (InMemoryChannel door in doors) door.Cut();
        await Task.WhenAll(doors.Select(d => d.Left));
    }

    /// <summary>Lets the clock run, as back-off needs it, until the page has been told.</summary>
    private async Task MoveUntilAsync(TestClientContext client, Func<IReadOnlyList<object>, bool> condition)
    {
        Task told = client.Page.First.Events.UntilAsync(condition);
        while (!told.IsCompleted)
        {
            Hub.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.WhenAny(told, Task.Delay(5));
        }
        await told;
    }
}
