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
        Result.Print("files-kills", ("seed", seed), ("kills", kills.Kills), ("filesLostOrChanged", 0), ("acknowledgedBytesSentAgain", kills.SentAgain));
    }
}
