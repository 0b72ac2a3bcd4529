using LanCollab.Plugins.Session;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>A server on which only its operator makes rooms.</summary>
public class RoomsByTests : DoorTestBase
{
    private protected override Dictionary<string, string?> Settings => new() { ["RoomsBy"] = "Moderators", ["Rooms:0"] = "Bridge", ["AdminPassword"] = "operator" };

    [Fact]
    public async Task Only_named_rooms_and_those_of_the_operator_are_there()
    {
        await EnterAsync("Ada", "bridge");
        UserErrorException refusal = await RefusedAsync("no-such-room", Call().EnterAsync("Bob", "Engine"));
        Assert.Contains("Engine", refusal.Message);
        Caller root = await EnterAsync("Root", "Engine", password: "operator");
        Assert.Equal("moderator", root.Entered.Members.Single().Role);
        Assert.False(root.Entered.Rules.Password);
        await EnterAsync("Bob", "Engine");
    }

    [Fact]
    public async Task A_named_room_keeps_its_bans_and_rules_when_everybody_has_left()
    {
        Caller ada = await EnterAsync("Ada"), eve = await EnterAsync("Eve", device: 66);
        await ada.AskAsync(new RemoveMember(eve.Id, Ban: true));
        await ada.AskAsync(new SetRules(Password: "swordfish"));
        await ada.AskAsync(new Leave());
        await RefusedAsync("wrong-password", Call().EnterAsync("Eve", device: 66));
        await RefusedAsync("banned", Call().EnterAsync("Eve", password: "swordfish", device: 66));
    }
}

public class OptionsTests
{
    [Theory]
    [InlineData(2, 2, 8, "SuspectAfter")]
    [InlineData(2, 5, 5.2, "LostAfter")]
    [InlineData(2, 5, 3, "LostAfter")]
    public void Times_that_do_not_fit_each_other_are_refused_with_both(double beat, double suspect, double lost, string key)
    {
        var options = new SessionOptions { BeatEvery = TimeSpan.FromSeconds(beat), SuspectAfter = TimeSpan.FromSeconds(suspect), LostAfter = TimeSpan.FromSeconds(lost) };
        Assert.Contains($"Plugins:Session:{key} = ", Assert.Throws<ConfigurationErrorException>(options.Checked).Message);
    }

    [Fact]
    public void A_room_that_cannot_be_and_an_operators_password_that_everybody_has_are_refused()
    {
        Assert.Contains("Rooms", Assert.Throws<ConfigurationErrorException>(new SessionOptions { Rooms = ["\u202Ebad"] }.Checked).Message);
        Assert.Contains("AdminPassword", Assert.Throws<ConfigurationErrorException>(new SessionOptions { Password = "x", AdminPassword = "x" }.Checked).Message);
    }
}
