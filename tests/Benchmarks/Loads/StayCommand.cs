using System.Diagnostics;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Faults;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Loads;

/// <summary>
/// A client whose whole traffic is cut for 30 s in real time, with the defaults of a server: when the others are told, how soon after the cut it is back, and whether it is in
/// its own seat with its role and its raised hand. <c>stay --seconds 30 --runs 3</c>. The suite has the same at a quarter of these times, and on a clock of its own.
/// </summary>
internal static class StayCommand
{
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        using var folder = new TempFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"));
        await using var network = new FaultyNetwork(server);
        await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada")), bob = await ClientProcess.StartAsync("Bob", folder.Folder("bob"));
        await ada.JoinAsync(server.Address);
        await bob.JoinAsync(network.Address);
        await ada.Bridge.RequestAsync("session", "role", new { id = bob.Id, role = "presenter" });
        await bob.Bridge.RequestAsync("session", "hand", new { raised = true });
        for (int run = 0; run < settings.Number("runs", 1); run++) await RunAsync(network, ada, bob, TimeSpan.FromSeconds(settings.Number("seconds", 30)));
    }

    private static async Task RunAsync(FaultyNetwork network, ClientProcess ada, ClientProcess bob, TimeSpan duration)
    {
        ada.Bridge.Events.Clear();
        long cut = Stopwatch.GetTimestamp();
        foreach (Direction direction in Enum.GetValues<Direction>()) network.Stall(direction);
        Task<double> lost = SinceAsync(ada.Bridge.WaitAsync("session", "member.left", patience: duration), cut);
        await Task.Delay(duration);
        long mended = Stopwatch.GetTimestamp();
        foreach (Direction direction in Enum.GetValues<Direction>()) network.Flow(direction);
        JsonElement back = (await ada.Bridge.WaitAsync("session", "member.joined", e => e.GetProperty("resumed").GetBoolean(), TimeSpan.FromSeconds(60))).GetProperty("member");
        double returned = Stopwatch.GetElapsedTime(mended).TotalSeconds;
        bool own = back.GetProperty("id").GetString() == bob.Id && back.GetProperty("role").GetString() == "presenter" && back.GetProperty("hand").GetInt32() == 1;
        Result.Print("stay", ("cutSeconds", duration.TotalSeconds), ("lostAfterSeconds", await lost), ("backAfterSeconds", returned), ("ownSeat", own ? 1 : 0));
        if (!own) throw new InvalidOperationException($"It came back as {back}.");
    }

    private static async Task<double> SinceAsync(Task told, long since)
    {
        await told;
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }
}
