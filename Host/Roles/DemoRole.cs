using System.Text.Json;
using LanCollab.Contracts;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>
/// A room that is alive: a real hub process, a few real client processes driven by files, and one client for the person who looks. What the people
/// play, show and do comes from the plugins (<see cref="IDemoPlugin"/>); the rest is what anybody could type.
/// </summary>
internal sealed class DemoRole(CommandLine command, Settings settings, DemoOptions options, ClientOptions client, ILoggerFactory logs, TimeProvider time) : IRole
{
    private static readonly string[] Names = ["Ada", "Ben", "Cleo", "Dara", "Emil", "Fay", "Gus", "Hana"];
    private readonly ILogger _log = logs.CreateLogger<DemoRole>();

    public async Task RunAsync(CancellationToken stopping)
    {
        string data = DataFolder.Create(options.DataDirectory);
        using FileStream alone = DataFolder.Claim(data, "Demo:DataDirectory");
        DemoCast[] cast = await PrepareAsync(data, stopping).ConfigureAwait(false);
        await using var children = new ChildProcesses(command, _log, time);
        try
        {
            string join = await StartHubAsync(children, data, stopping).ConfigureAwait(false);
            foreach (DemoCast member in cast) await StartMemberAsync(children, member, join, stopping).ConfigureAwait(false);
            await StartOnlookerAsync(children, data, join, stopping).ConfigureAwait(false);
            await PerformAsync(cast, stopping).ConfigureAwait(false);
            await children.FirstExitAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task<DemoCast[]> PrepareAsync(string data, CancellationToken stopping)
    {
        Console.Out.WriteLine("preparing the demo's sounds, pictures and files …");
        var loader = new PluginLoader(settings, logs, time, new Dictionary<Type, object>());
        IReadOnlyList<LoadedPlugin> plugins = loader.Load();
        var cast = new DemoCast[options.People];
        for (int i = 0; i < cast.Length; i++)
        {
            var person = new DemoPerson(i, Names[i], DataFolder.Create(Path.Combine(data, "people", Names[i])));
            cast[i] = new DemoCast(person, await PartsAsync(plugins, loader, person, stopping).ConfigureAwait(false));
        }
        foreach (LoadedPlugin plugin in plugins) plugin.Dispose();
        return cast;
    }

    private static async Task<List<DemoPart>> PartsAsync(IReadOnlyList<LoadedPlugin> plugins, PluginLoader loader, DemoPerson person, CancellationToken stopping)
    {
        var parts = new List<DemoPart>();
        foreach (LoadedPlugin plugin in plugins.Where(p => p.Failure is null))
        {
            try
            {
                if (plugin.Export<IDemoPlugin>() is { } demo) parts.Add(await demo.PrepareAsync(person, stopping).ConfigureAwait(false));
            }
            // The demo goes on without what this plugin would have shown.
            catch (Exception e) when (e is not OperationCanceledException)
            {
                loader.Fail(plugin, e);
            }
        }
        return parts;
    }

    private async Task<string> StartHubAsync(ChildProcesses children, string data, CancellationToken stopping)
    {
        ChildProcess hub = children.Start("server", new() { ["Server:DataDirectory"] = FreshHub(data), ["Server:AdminPort"] = command.Settings.GetValueOrDefault("Server:AdminPort") ?? "0" });
        // The join port is the one the hub names in its invitation.
        string invitation = await hub.LineAsync(line => Echo(line).StartsWith("join from", StringComparison.Ordinal), stopping).ConfigureAwait(false);
        return "127.0.0.1" + invitation[invitation.LastIndexOf(':')..];
    }

    private static string Echo(string line)
    {
        Console.Out.WriteLine(line);
        return line;
    }

    /// <summary>Each demo starts with an empty room; the certificate stays, since people's clients have pinned it.</summary>
    private static string FreshHub(string data)
    {
        string folder = DataFolder.Create(Path.Combine(data, "hub"));
        foreach (string plugin in Directory.EnumerateDirectories(folder)) Directory.Delete(plugin, recursive: true);
        return folder;
    }

    private async Task StartMemberAsync(ChildProcesses children, DemoCast member, string server, CancellationToken stopping)
    {
        var childSettings = new Dictionary<string, string>
        {
            ["Client:DataDirectory"] = Path.Combine(member.Person.Folder, "client"),
            ["Client:Server"] = server,
            ["Client:Room"] = options.Room,
            ["Client:Name"] = member.Person.Name,
            ["Client:UiPort"] = "0",
            ["Client:OpenBrowser"] = "false",
        };
        foreach (DemoPart part in member.Parts)
            foreach ((string key, string value) in part.Settings) childSettings[key] = value;
        ChildProcess child = children.Start("client", childSettings);
        string ui = await child.LineAsync(line => line.StartsWith("UI: ", StringComparison.Ordinal), stopping).ConfigureAwait(false);
        member.Ui = new Uri(ui["UI: ".Length..]);
    }

    private async Task StartOnlookerAsync(ChildProcesses children, string data, string server, CancellationToken stopping)
    {
        ChildProcess child = children.Start("client", new()
        {
            // Apart from the person's real client, which may run at the same time and has pins of its own.
            ["Client:DataDirectory"] = Path.Combine(data, "guest"),
            ["Client:Server"] = server,
            ["Client:Room"] = options.Room,
            ["Client:Name"] = client.Name ?? "Guest",
        });
        string ui = await child.LineAsync(line => line.StartsWith("UI: ", StringComparison.Ordinal), stopping).ConfigureAwait(false);
        Console.Out.WriteLine(ui);
        Console.Out.Flush();
    }

    /// <summary>Everybody plays their steps on their own bridge, as a script would.</summary>
    private async Task PerformAsync(DemoCast[] cast, CancellationToken stopping) =>
        await Task.WhenAll(cast.Select(member => TryPerformAsync(member, stopping))).ConfigureAwait(false);

    private async Task TryPerformAsync(DemoCast member, CancellationToken stopping)
    {
        try
        {
            await PerformAsync(member, stopping).ConfigureAwait(false);
        }
        // One whose script breaks falls silent; the others and the guest go on.
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            HostLog.DemoStep(_log, member.Person.Name, "the rest of the script", e.Message);
        }
    }

    private async Task PerformAsync(DemoCast member, CancellationToken stopping)
    {
        DemoStep[] steps = [.. member.Parts.SelectMany(p => p.Steps).OrderBy(s => s.At)];
        using BridgeScript script = await BridgeScript.ConnectAsync(member.Ui!, stopping).ConfigureAwait(false);
        long start = time.GetTimestamp();
        foreach (DemoStep step in steps)
        {
            TimeSpan wait = step.At - time.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stopping).ConfigureAwait(false);
            if (await script.RequestAsync(step.Message, step.Body, stopping).ConfigureAwait(false) is { } refusal)
                HostLog.DemoStep(_log, member.Person.Name, step.Message, refusal);
        }
    }
}

/// <summary>A demo person with everything the plugins gave.</summary>
internal sealed record DemoCast(DemoPerson Person, List<DemoPart> Parts)
{
    /// <summary>The page of its daemon, key included.</summary>
    public Uri? Ui { get; set; }
}
