using LanCollab.Host.Composition;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Composition;

public sealed class PluginFinderTests : IDisposable
{
    private readonly TempFolder _plugins = new();
    private static readonly string APlugin = typeof(LanCollab.Plugins.Chat.ChatOptions).Assembly.Location;
    private static readonly string NoPlugin = typeof(Frame).Assembly.Location;

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public void A_folder_with_one_plugin_among_its_DLLs_and_a_lone_DLL_are_found()
    {
        File.Copy(APlugin, _plugins["Chat/Chat.dll"]);
        File.Copy(NoPlugin, _plugins["Chat/Library.dll"]);
        File.Copy(APlugin, _plugins["Lone.dll"]);
        Assert.Equal(["Lone.dll", "Chat"], Find().Where(c => c.AssemblyPath is not null).Select(c => c.Place));
    }

    [Fact]
    public void What_is_no_plugin_is_named_with_its_reason_and_hides_nothing()
    {
        File.WriteAllText(_plugins["Junk.dll"], "MZ but no more");
        File.Copy(NoPlugin, _plugins["Library.dll"]);
        _plugins.Folder("Empty");
        File.WriteAllText(_plugins["Docs/readme.txt"], "text");
        File.Copy(APlugin, _plugins["Two/One.dll"]);
        File.Copy(APlugin, _plugins["Two/Other.dll"]);
        File.Copy(APlugin, _plugins["Good/Good.dll"]);
        var found = Find().ToDictionary(c => c.Place);
        Assert.Contains("cannot be read", found["Junk.dll"].Problem);
        Assert.Contains("no plugin", found["Library.dll"].Problem);
        Assert.Contains("no DLL", found["Empty"].Problem);
        Assert.Contains("no DLL", found["Docs"].Problem);
        Assert.Contains("One.dll, Other.dll", found["Two"].Problem);
        Assert.Null(found["Good"].Problem);
    }

    private IReadOnlyList<PluginCandidate> Find() => PluginFinder.Find(_plugins.Path);
}
