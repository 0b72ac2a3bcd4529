using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class FilesKillTests
{
    private const int Seed = 20301, Kills = 10;

    [Fact]
    public async Task Ten_kills_of_server_uploader_and_downloader_lose_nothing_and_leave_nothing()
    {
        using var folder = new TempFolder();
        await using var kills = new FileKills(folder, Seed);
        try
        {
            await kills.RunAsync(Kills);
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(kills.Story);
        }
        await kills.StopAsync();
        Assert.Equal((true, 0L), (kills.Kills >= Kills, kills.SentAgain));
        // Every file was withdrawn in the end: after the sweep of a start not one byte is left.
        using var store = new FileStore(kills.Store, () => new FilesOptions(), TimeProvider.System, DurableFile.Flush);
        Assert.Equal((0L, 0L), store.Bytes());
    }
}
