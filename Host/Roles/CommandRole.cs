using LanCollab.Contracts;
using LanCollab.Host.Bridge;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Discovery;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using LanCollab.Host.Net.Tls;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>
/// A client without a page that runs one plugin's <see cref="ICommand"/> and ends with its exit code. Starts that plugin and the essential ones, so that no
/// microphone opens for a script. Joins under a name of its own, since the person may be in the room already.
/// </summary>
internal sealed class CommandRole(CommandLine line, Settings settings, ClientOptions options, DiscoveryOptions discovery, ILoggerFactory logs, TimeProvider time) : IRole
{
    private const int MostAtATime = 16; // commands of one person on one machine
    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);
    private readonly ILogger _log = logs.CreateLogger<CommandRole>();

    private string Name => line.Command[0];

    public async Task RunAsync(CancellationToken stopping)
    {
        string home = DataFolder.Create(options.DataDirectory);
        (string data, int number, FileStream claim) = ClaimFolder(home);
        using FileStream claimed = claim;
        Introduce(number);
        var known = new KnownServers(home, _log);
        using var metrics = new MetricSet(_log);
        await using var search = SearchingClient.Start(discovery, known, metrics, time, _log);
        ITls? tls = options.Tls ? TlsLibraries.Choose(options.TlsLibrary) : null;
        if (tls is not null) HostLog.TlsBy(_log, tls.Name);
        var link = new ClientLink(options, new ServerChoice(options, known, search.Finder, search.Searched), known, new Dialer(time) { Handshake = tls?.Call(shown: null) }, time, _log);
        await using var direct = new DirectLinks(tls, time, _log);
        var loader = new PluginLoader(settings, logs, time, new Dictionary<Type, object> { [typeof(IServerLink)] = link });
        var runner = new PluginRunner<IClientPlugin>(loader, _log, time);
        var bridge = new BridgeServer(new BridgeOptions(0, Path.Combine(AppContext.BaseDirectory, "ui")), logs, time); // never started: there is no page
        await using (bridge.ConfigureAwait(false))
        {
            using var live = new CancellationTokenSource();
            var shared = new ContextShared(data, settings, new LiveSettings(settings, "Client", time, _log), metrics, _log, live.Token);
            var contexts = new List<ClientContext>();
            int code;
            try
            {
                code = await RunAsync(runner, shared, contexts, link, bridge, direct, stopping).ConfigureAwait(false);
            }
            finally
            {
                var deadline = new Deadline(StopTime, time);
                await live.CancelAsync().ConfigureAwait(false);
                await Drain.WaitAsync(Task.WhenAll(contexts.SelectMany(c => c.Work.Keys)), deadline.Left(DrainTime), time).ConfigureAwait(false);
                await Drain.WaitAsync(Task.WhenAll(link.StopAsync("The command has ended."), direct.StopAsync()), deadline.Left(DrainTime), time).ConfigureAwait(false);
                await runner.StopAsync(deadline).ConfigureAwait(false);
            }
            throw new CommandEndedException(code);
        }
    }

    private async Task<int> RunAsync(
        PluginRunner<IClientPlugin> runner, ContextShared shared, List<ClientContext> contexts, ClientLink link, BridgeServer bridge, DirectLinks direct,
        CancellationToken stopping)
    {
        var found = new Dictionary<LoadedPlugin, List<ICommand>>();
        Task Start(LoadedPlugin plugin, IClientPlugin half, CancellationToken token)
        {
            var context = new ClientContext(plugin, shared, link, bridge, direct);
            lock (contexts) contexts.Add(context);
            return half.StartAsync(context, token);
        }
        await runner.StartAsync(Start, plugin => contexts.Find(c => c.Plugin == plugin)?.Withdraw(), stopping, plugin => plugin.Essential || Has(plugin, found)).ConfigureAwait(false);
        if (found.Values.SelectMany(commands => commands).FirstOrDefault(c => c.Name == Name) is not { } command)
            throw new CommandEndedException((int)ExitCode.BadConfiguration, $"\"{Name}\" is no command: {Commands(runner)}.");
        if (runner.Plugins.FirstOrDefault(p => p.Failure is not null && found.ContainsKey(p)) is { } broken)
            throw new CommandEndedException((int)ExitCode.Failed, $"The plugin {broken.Name} has failed: {broken.Failure}");
        await JoinAsync(link, stopping).ConfigureAwait(false);
        return await CallAsync(command, stopping).ConfigureAwait(false);
    }

    private bool Has(LoadedPlugin plugin, Dictionary<LoadedPlugin, List<ICommand>> found)
    {
        var commands = plugin.Exports<ICommand>().Where(command => command.Name == Name).ToList();
        if (commands.Count > 0) found[plugin] = commands;
        return commands.Count > 0;
    }

    private static string Commands(PluginRunner<IClientPlugin> runner)
    {
        string[] usages = [.. runner.Plugins.Where(p => p.Failure is null).SelectMany(p => p.Exports<ICommand>()).Select(command => command.Usage)];
        return usages.Length == 0 ? "no plugin has any" : $"there are {string.Join("; ", usages)}";
    }

    private async Task JoinAsync(ClientLink link, CancellationToken stopping)
    {
        try
        {
            await link.Joined.WaitAsync(JoinTime, time, stopping).ConfigureAwait(false);
            await link.ReadyAsync(stopping).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            throw new CommandEndedException((int)ExitCode.NotJoined, e.Message);
        }
        catch (TimeoutException)
        {
            throw new CommandEndedException((int)ExitCode.NotJoined,
                $"The room {options.Room} could not be joined within {JoinTime.TotalSeconds:0} s: the server {link.DefaultServer} does not answer, or somebody must let you in.");
        }
    }

    private async Task<int> CallAsync(ICommand command, CancellationToken stopping)
    {
        try
        {
            return await command.RunAsync(
                new CommandCall([.. line.Command.Skip(1)], Environment.CurrentDirectory, Console.Out, Console.Error, !Console.IsOutputRedirected), stopping).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            bool arguments = e.Code == "bad-arguments";
            throw new CommandEndedException((int)(arguments ? ExitCode.BadConfiguration : ExitCode.Failed), arguments ? $"{e.Message} Usage: {command.Usage}" : e.Message);
        }
    }

    // A command that was killed and is called again finds what it had in the same folder; two at a time have two.
    private static (string Data, int Number, FileStream Claim) ClaimFolder(string home)
    {
        for (int number = 1; ; number++)
        {
            string folder = DataFolder.Create(Path.Combine(home, "commands", $"{number}"));
            try
            {
                return (folder, number, DataFolder.Claim(folder, "Client:DataDirectory"));
            }
            catch (FolderInUseException) when (number < MostAtATime)
            {
                // Another command is running.
            }
        }
    }

    private void Introduce(int number)
    {
        if (string.IsNullOrWhiteSpace(options.Room))
            throw new CommandEndedException((int)ExitCode.BadConfiguration, $"{Name} needs a room: --room NAME, or Client:Room in the settings.");
        if (line.Settings.ContainsKey("Client:Name")) return;
        string person = string.IsNullOrWhiteSpace(options.Name) ? Environment.UserName : options.Name;
        options.Name = number == 1 ? $"{person} ({Name})" : $"{person} ({Name} {number})";
    }
}
