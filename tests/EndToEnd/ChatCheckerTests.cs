using LanCollab.Tests.Support.Scripted;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class ChatCheckerTests
{
    /// <summary>
    /// The short form of <c>dotnet run -c Release --project tests/Benchmarks -- checker --lines 200000 --clients 50 --kills 5 --seed 1</c>.
    /// </summary>
    [Fact]
    public async Task Killed_servers_and_cut_stalled_and_half_open_links_lose_double_and_swap_no_line()
    {
        var options = new TrialOptions(People: 10, Lines: 4000, Kills: 2, Disturbances: 4, Seed: 3) { Patience = TimeSpan.FromMinutes(2) };
        TrialResult result = await ChatTrial.RunAsync(options, line => TestContext.Current.TestOutputHelper?.WriteLine(line));
        Assert.Equal(new Verdict(4000, 0, 0, 0, 0, 0, 0), result.Verdict);
        Assert.Empty(result.Refusals);
        // That something was broken at all.
        Assert.True(result.Channels > options.People + 1, $"{result}");
    }
}
