using LanCollab.Benchmarks;
using LanCollab.Benchmarks.Audio;
using LanCollab.Benchmarks.Chat;
using LanCollab.Benchmarks.Faces;
using LanCollab.Benchmarks.Files;
using LanCollab.Benchmarks.Loads;
using LanCollab.Benchmarks.Relay;
using LanCollab.Benchmarks.Screen;
using LanCollab.Benchmarks.Tls;

// dotnet run -c Release --project tests/Benchmarks -- <name> [settings of that one]
Dictionary<string, Func<Task>> benchmarks = new()
{
    ["mix"] = MixBenchmark.RunAsync,
    ["mixer"] = () => MixerBenchmark.RunAsync(args[1..]),
    ["mixer-hub"] = () => MixerHub.RunAsync(args[1..]),
    ["quality"] = () => QualityBenchmark.RunAsync(args[1..]),
    ["latency"] = () => LatencyBenchmark.RunAsync(args[1..]),
    ["latency-server"] = ServerShareBenchmark.RunAsync,
    ["datagrams"] = DatagramsBenchmark.RunAsync,
    ["relay"] = () => RelayBenchmark.RunAsync(args[1..]),
    ["relay-senders"] = () => RelaySenders.RunAsync(args[1..]),
    ["relay-viewers"] = () => RelayViewers.RunAsync(args[1..]),
    ["relay-floor"] = () => RelayFloor.RunAsync(args[1..]),
    ["tiles"] = TilesBenchmark.RunAsync,
    ["png"] = PngBenchmark.RunAsync,
    ["screen"] = () => ScreenBenchmark.RunAsync(args[1..]),
    ["faces"] = () => FacesBenchmark.RunAsync(args[1..]),
    ["faces-page"] = () => FacesPageBenchmark.RunAsync(args[1..]),
    ["records"] = RecordsBenchmark.RunAsync,
    ["files"] = () => FilesBenchmark.RunAsync(args[1..]),
    ["files-bare"] = () => BareEnd.RunAsync(args[1..]),
    ["files-bare"] = () => BareEnd.RunAsync(args[1..]),
    ["files-swarm"] = () => SwarmBenchmark.RunAsync(args[1..]),
    ["files-kills"] = () => KillsCommand.RunAsync(args[1..]),
    ["chat"] = () => ChatBenchmark.RunAsync(args[1..]),
    ["chat-load"] = () => ChatLoad.RunAsync(args[1..]),
    ["join"] = () => JoinBenchmark.RunAsync(args[1..]),
    ["stay"] = () => StayCommand.RunAsync(args[1..]),
    ["checker"] = () => CheckerCommand.RunAsync(args[1..]),
};
string names = string.Join(", ", benchmarks.Keys);

if (args is [])
{
    Console.WriteLine($"Benchmarks: {names}");
    return 0;
}
if (args is not [{ } name, ..] || !benchmarks.TryGetValue(name, out Func<Task>? run))
{
    Console.Error.WriteLine($"\"{string.Join(' ', args)}\" is no benchmark; use one of {names}.");
    return 2;
}
try
{
    Console.WriteLine($"cores={Environment.ProcessorCount}");
    await run();
    return 0;
}
// Whatever goes wrong in a run makes its figures worthless; a sentence is what a person needs.
catch (Exception e)
{
    Console.Error.WriteLine($"{name} failed: {e.Message}");
    return 1;
}
