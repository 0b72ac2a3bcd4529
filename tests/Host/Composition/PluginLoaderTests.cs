using System.Composition;
using System.Composition.Hosting;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Composition;

/// <summary>The built plugins, loaded as the program loads them.</summary>
public sealed class PluginLoaderTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_plugins_folder_is_said_and_nothing_is_loaded()
    {
        Assert.Empty(Loader(_folder["none/here"] + "x").Load());
        Assert.Contains(_log.Lines.All, line => line.Id.Id == 1003);
    }

    [Fact]
    public void Two_plugins_of_one_name_give_one_and_a_reason()
    {
        string plugin = typeof(LanCollab.Plugins.Chat.ChatOptions).Assembly.Location;
        File.Copy(plugin, _folder["plugins/A/A.dll"]);
        File.Copy(plugin, _folder["plugins/B/B.dll"]);
        IReadOnlyList<LoadedPlugin> loaded = Loader(_folder.Folder("plugins")).Load();
        Assert.Equal([null, "a plugin named chat is loaded already"], loaded.Select(p => p.Failure));
    }

    [Fact]
    public void A_disabled_plugin_is_left_out_without_a_complaint()
    {
        File.Copy(typeof(LanCollab.Plugins.Chat.ChatOptions).Assembly.Location, _folder["plugins/A.dll"]);
        Assert.Empty(Loader(_folder.Folder("plugins"), ("Plugins:Chat:Enabled", "false")).Load());
    }

    [Fact]
    public void A_contract_is_handed_on_from_its_one_exporter_and_none_or_two_are_reported_by_name()
    {
        var broker = new ContractBroker();
        Assert.Contains("No plugin exports ISessions", Assert.Throws<InvalidOperationException>(() => broker.Resolve(typeof(ISessions))).Message);
        using CompositionHost container = new ContainerConfiguration().WithPart<Exporter>().CreateContainer();
        broker.Add(typeof(ISessions), "one", container);
        Assert.IsType<Exporter>(broker.Resolve(typeof(ISessions)));
        broker.Add(typeof(ISessions), "two", container);
        Assert.Contains("one, two", Assert.Throws<InvalidOperationException>(() => broker.Resolve(typeof(ISessions))).Message);
        broker.Remove("one");
        Assert.IsType<Exporter>(broker.Resolve(typeof(ISessions)));
    }

    private PluginLoader Loader(string directory, params (string Key, string Value)[] more)
    {
        File.WriteAllText(_folder["config/appsettings.json"], "{}");
        var typed = more.Append(("Plugins:Directory", directory)).ToDictionary(m => m.Item1, m => (string?)m.Item2);
        Settings settings = Settings.Load(new CommandLine("server", _folder.Folder("config"), typed));
        return new PluginLoader(settings, _log, TimeProvider.System, new Dictionary<Type, object>());
    }

    [Export(typeof(ISessions)), Shared]
    private sealed class Exporter : ISessions
    {
        public event Action<Peer> Joined { add { } remove { } }
        public event Action<Peer> Changed { add { } remove { } }
        public event Action<Peer> Left { add { } remove { } }
        public IReadOnlyCollection<string> Rooms => [];
        public IReadOnlyList<Peer> Members(string room) => [];
    }
}
