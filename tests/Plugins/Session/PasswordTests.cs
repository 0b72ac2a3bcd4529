using LanCollab.Plugins.Session;

namespace LanCollab.Tests.Plugins.Session;

public class RoomPasswordTests : DoorTestBase
{
    [Fact]
    public async Task The_first_in_a_room_sets_its_password_and_the_last_takes_it_along()
    {
        Caller ada = await EnterAsync("Ada", password: "swordfish");
        UserErrorException missing = await RefusedAsync("wrong-password", Call().EnterAsync("Bob"));
        UserErrorException wrong = await RefusedAsync("wrong-password", Call().EnterAsync("Bob", password: "Swordfish"));
        Assert.NotEqual(missing.Message, wrong.Message);
        Caller bob = await EnterAsync("Bob", password: "swordfish");
        await ada.AskAsync(new Leave());
        await RefusedAsync("wrong-password", Call().EnterAsync("Ada"));
        await bob.AskAsync(new Leave());
        await EnterAsync("Ada");
    }

    [Fact]
    public async Task Who_does_not_know_the_password_does_not_learn_who_is_there()
    {
        await EnterAsync("Ada", password: "swordfish");
        await RefusedAsync("wrong-password", Call().EnterAsync("Ada", password: "x"));
    }

    [Fact]
    public async Task Guessing_is_slowed_down_for_the_address_alone()
    {
        await EnterAsync("Ada", password: "swordfish");
        for (int i = 0; i < 5; i++) await RefusedAsync("wrong-password", Call("10.0.0.9").EnterAsync("Eve", password: $"guess {i}"));
        UserErrorException refusal = await RefusedAsync("throttled", Call("::ffff:10.0.0.9").EnterAsync("Eve", password: "swordfish"));
        Assert.Equal(TimeSpan.FromSeconds(5), refusal.RetryAfter);
        await Call("10.0.0.8").EnterAsync("Bob", password: "swordfish");
        Hub.Time.Advance(TimeSpan.FromSeconds(5));
        await Call("10.0.0.9").EnterAsync("Eve", password: "swordfish");
    }

    [Fact]
    public async Task A_replaced_seat_keeps_the_room_and_its_password()
    {
        await EnterAsync("Ada", password: "swordfish", device: 1);
        await EnterAsync("Ada", password: "swordfish", device: 1);
        await RefusedAsync("wrong-password", Call().EnterAsync("Bob", password: "other"));
    }
}

public class ServerPasswordTests : DoorTestBase
{
    private protected override Dictionary<string, string?> Settings => new() { ["Password"] = "hub" };

    [Fact]
    public async Task Every_room_needs_the_servers_password()
    {
        await RefusedAsync("wrong-password", Call().EnterAsync("Ada"));
        await RefusedAsync("wrong-password", Call().EnterAsync("Ada", password: "own"));
        await EnterAsync("Ada", password: "hub");
        await EnterAsync("Bob", password: "hub");
    }
}
