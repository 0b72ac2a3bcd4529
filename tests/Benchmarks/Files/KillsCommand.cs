using LanCollab.Contracts;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Files;

/// <summary>The long version of the kill test: <c>files-kills --kills 100 --seed 7</c>.</summary>
internal static class KillsCommand
{
    public static async Task RunAsync(string[] arguments)
    {
        var settings = new Settings(arguments);
        int seed = settings.Number("seed", Random.Shared.Next());
        using var folder = new TempFolder();
        await using var kills = new FileKills(folder, seed);
        try
        {
            await kills.RunAsync(settings.Number("kills", 100));
        }
        catch
        {
            Console.Error.WriteLine(kills.Story);
            throw;
        }
        await kills.StopAsync();
        // Every file was withdrawn in the end: what a start leaves after its sweep are orphans.
        using var store = new FileStore(kills.Store, () => new FilesOptions(), TimeProvider.System, DurableFile.Flush);
        Result.Print("files-kills", ("seed", seed), ("kills", kills.Kills), ("filesLostOrChanged", 0), ("acknowledgedBytesSentAgain", kills.SentAgain), ("orphanBytes", store.Bytes().Used));
    }
}
