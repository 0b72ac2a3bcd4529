using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

/// <summary>The loop of services to which much is sent.</summary>
public sealed class BulkLoopTests() : ReadyLoopTests(ReadyKind.Bulk)
{
    [Fact]
    public async Task Whatever_comes_goes_on_where_the_loop_was_woken_however_soon_and_with_whatever_else()
    {
        Pair[] pairs = await Task.WhenAll(Enumerable.Range(0, Kind.Threads - 1).Select(_ => OpenAsync()));
        for (int round = 0; round < 100; round++)
        {
            await AllWaitAsync();
            Assert.All(await Task.WhenAll(pairs.Select(pair => ThreadOfNextAsync(pair, TimeSpan.Zero))), thread => Assert.Equal(Kind.ThreadName, thread));
        }
        foreach (Pair pair in pairs) await pair.DisposeAsync();
    }
}
