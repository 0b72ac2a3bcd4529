using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

/// <summary>The loop of services with short messages.</summary>
public sealed class PromptLoopTests() : ReadyLoopTests(ReadyKind.Prompt)
{
    [Fact]
    public async Task Who_has_waited_goes_on_where_the_loop_was_woken_and_who_has_not_in_the_pool()
    {
        await using Pair pair = await OpenAsync();
        Assert.NotEqual(Kind.ThreadName, await ThreadOfNextAsync(pair, TimeSpan.Zero));
        await HereAtLastAsync(pair);
    }
}
