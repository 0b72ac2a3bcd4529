using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>A server that keeps the names of people it lost. (One that does not: <see cref="StayTests"/>.)</summary>
public class NamesKeptTests : DoorTestBase
{
    private protected override Dictionary<string, string?> Settings => new() { ["KeepNames"] = "true" };

    [Fact]
    public async Task Nobody_else_gets_the_name_while_the_seat_is_kept_and_its_owner_comes_back_under_it()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await bob.CutAsync(ada);
        await PassAsync(ada, 10);
        await ada.WaitAsync<MemberLeft>(l => l.Id == bob.Id);
        UserErrorException kept = await RefusedAsync("name-taken", Call().EnterAsync("BOB"));
        Assert.Contains("is kept for a while", kept.Message);
        Caller back = Call();
        await back.ResumeAsync(bob);
        Assert.Equal("Bob", back.Entered.Self.Name);
    }

    [Fact]
    public async Task After_that_the_name_is_free()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await bob.CutAsync(ada);
        await PassAsync(ada, 8 + 61);
        Caller other = await EnterAsync("Bob");
        Assert.NotEqual(bob.Id, other.Id);
    }

    [Fact]
    public async Task Its_own_machine_gets_it_back_without_a_token()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob", device: 7);
        await bob.CutAsync(ada);
        await PassAsync(ada, 20);
        Assert.Equal(bob.Id, (await EnterAsync("Bob", device: 7)).Id);
    }

    private async Task PassAsync(Caller witness, int seconds)
    {
        for (int left = seconds; left > 0; left--)
        {
            await witness.BeatAsync();
            Advance(1);
        }
    }
}
