using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Composition;

/// <summary>Who may write into the plugins' folder may run as the program.</summary>
public sealed class PluginFolderTests : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private static readonly string Chat = typeof(LanCollab.Plugins.Chat.ChatOptions).Assembly.Location;

    private readonly TempFolder _folder = new();

    public PluginFolderTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_everybody_may_write_ends_the_start_with_a_sentence()
    {
        string plugins = _folder.Folder("plugins");
        SetMode(plugins, Open);
        var error = Assert.Throws<ConfigurationErrorException>(() => Loader(plugins).Load());
        Assert.Contains(plugins, error.Message);
        Assert.Contains("chmod o-w", error.Message);
        Assert.Empty(Loader(plugins, ("Plugins:AllowWritableFolder", "true")).Load());
        Assert.Contains("true or false", Assert.Throws<ConfigurationErrorException>(() => Loader(plugins, ("Plugins:AllowWritableFolder", "perhaps")).Load()).Message);
    }

    [Theory]
    [InlineData("A/A.dll")]
    [InlineData("A")]
    [InlineData("A/native/lib.so")]
    [InlineData("B.dll")]
    public void A_plugin_that_everybody_may_write_is_left_out_with_its_reason_and_the_others_are_not(string open)
    {
        File.Copy(Chat, _folder["plugins/A/A.dll"]);
        File.WriteAllText(_folder["plugins/A/native/lib.so"], "");
        File.Copy(typeof(LanCollab.Plugins.Files.FilesOptions).Assembly.Location, _folder["plugins/B.dll"]);
        SetMode(_folder["plugins/" + open], Open);
        IReadOnlyList<LoadedPlugin> loaded = Loader(_folder.Folder("plugins")).Load();
        string failure = Assert.Single(loaded.Select(p => p.Failure).OfType<string>());
        Assert.Contains($"everybody on this machine may write {_folder["plugins/" + open]}", failure);
        Assert.Equal(2, loaded.Count);
    }

    [Fact]
    public void Of_a_link_what_counts_is_where_it_leads()
    {
        File.Copy(Chat, _folder["elsewhere/A.dll"]);
        _folder.Folder("plugins");
        Directory.CreateSymbolicLink(_folder["plugins/A"], _folder["elsewhere"]);
        Assert.Null(Assert.Single(Loader(_folder.Folder("plugins")).Load()).Failure);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private PluginLoader Loader(string directory, params (string Key, string Value)[] more)
    {
        File.WriteAllText(_folder["config/appsettings.json"], "{}");
        var typed = more.Append(("Plugins:Directory", directory)).ToDictionary(m => m.Item1, m => (string?)m.Item2);
        Settings settings = Settings.Load(new CommandLine("server", _folder.Folder("config"), typed));
        return new PluginLoader(settings, new TestLog(), TimeProvider.System, new Dictionary<Type, object>());
    }
}
