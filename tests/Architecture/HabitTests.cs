using System.Reflection;
using System.Text.RegularExpressions;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.Architecture;

/// <summary>Rules of the house that can be read off the files.</summary>
public partial class HabitTests
{
    public static TheoryData<string> Plugins => Assemblies.PluginData;

    [Fact]
    public void The_host_never_says_chat() => Nowhere(SourceTree.Hits(SourceTree.Files("Host/"), Chat()));

    [Fact]
    public void The_host_names_no_plugin()
    {
        string names = string.Join('|', Assemblies.PluginNames);
        var named = new Regex($@"Plugins[.:/](?:{names})\b|\b(?:{names})(?:Server|Client|Messages)\b|/plugins/(?:{names.ToLowerInvariant()})\b");
        Nowhere(SourceTree.Hits(SourceTree.Files("Host/"), named));
    }

    [Fact]
    public void Pages_put_text_in_as_text() =>
        Nowhere(SourceTree.Hits(SourceTree.Files(ending: ".js"), MarkupFromText()));

    [Fact]
    public void Pages_fetch_nothing_from_outside() =>
        Nowhere(SourceTree.Hits([.. SourceTree.Files("Host/ui/"), .. PluginPages()], Outside()));

    [Theory, MemberData(nameof(Plugins))]
    public void Every_message_is_documented(string name)
    {
        string protocol = File.ReadAllText(Repository.In("docs/PROTOCOL.md"));
        IEnumerable<string> missing = Messages(name).Where(message => !Regex.IsMatch(protocol, $@"(?<![\w/]){Regex.Escape(message)}(?![\w.])"));
        Assert.True(!missing.Any(), $"docs/PROTOCOL.md lacks {string.Join(", ", missing)}: add a row `name` | sender | meaning.");
    }

    [Theory, MemberData(nameof(Plugins))]
    public void Message_names_begin_with_the_plugins_name(string name) =>
        Assert.All(Messages(name), message => Assert.StartsWith($"{name.ToLowerInvariant()}/", message, StringComparison.Ordinal));

    [Fact]
    public void No_tracked_file_names_a_machine_or_a_registry() => Nowhere(SourceTree.Hits(SourceTree.Files(), MachineOrRegistry()));

    [Fact]
    public void Plugins_have_no_async_void() =>
        Nowhere(SourceTree.Hits(SourceTree.Files("Plugins/", ".cs"), AsyncVoid()));

    /// <summary>A test that begins something and returns nothing passes whatever comes of it.</summary>
    [Fact]
    public void Tests_wait_for_what_they_begin() => Nowhere(
        from file in SourceTree.Files("tests/", "Tests.cs")
        from Match forgotten in Forgotten().Matches(file.Text)
        select $"{file.Path}: {forgotten.Groups["test"].Value}");

    /// <summary>How long a test waits before it gives up says nothing about the program: it stands in one place, <see cref="Support.Recorded{T}.Patience"/>, and is long enough for a machine that is busy.</summary>
    [Fact]
    public void Tests_have_one_patience() => Nowhere(SourceTree.Hits([.. SourceTree.Files("tests/", ".cs").Where(f => !f.Path.StartsWith("tests/Benchmarks/", StringComparison.Ordinal))], OwnPatience()));

    /// <summary>Of several events that come together only the last is there when a wait looks: one for a pair of them at the end may miss it. The last is waited for, and the other is among those before.</summary>
    [Fact]
    public void Tests_wait_for_no_state_between_two_others() => Nowhere(SourceTree.Hits(SourceTree.Files("tests/", ".cs"), PairAtTheEnd()));

    private static void Nowhere(IEnumerable<string> hits) => Assert.True(!hits.Any(), $"It stands here:\n{string.Join('\n', hits)}");

    private static IEnumerable<(string Path, string Text)> PluginPages() =>
        SourceTree.Files("Plugins/").Where(f => f.Path.Contains("/ui/", StringComparison.Ordinal));

    private static IEnumerable<string> Messages(string plugin) =>
        Assemblies.Plugin(plugin).GetTypes().Select(t => t.GetCustomAttribute<MessageAttribute>()?.Name).OfType<string>();

    [GeneratedRegex("Chat")]
    private static partial Regex Chat();

    [GeneratedRegex(@"\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write\b|\beval\(")]
    private static partial Regex MarkupFromText();

    [GeneratedRegex(@"(?:src|href|from|import|url)\W{1,3}https?://")]
    private static partial Regex Outside();

    // Written so that this file does not find itself.
    [GeneratedRegex(@"(?<![\w./<>*-])/(?:wor[k]|roo[t]|hom[e]/\w+)/|/v[3]/index\.json|[r]egistry\.npmjs|artifactor[y]|/[a]pi/npm/")]
    private static partial Regex MachineOrRegistry();

    [GeneratedRegex(@"\basync void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"new CancellationTokenSource\(TimeSpan\.From\w+\(\d|\b(?:WaitAsync|WaitCountAsync|UntilAsync)\([^;\n]*[ (]TimeSpan\.From(?:Seconds|Minutes)\(\d")]
    private static partial Regex OwnPatience();

    [GeneratedRegex(@"\bUntilAsync\(.*\bis \[\.\., [^\],]+,")]
    private static partial Regex PairAtTheEnd();

    [GeneratedRegex(@"public void (?<test>\w+)\([^)]*\)\s*=>\s*[^;{]*?Async\(")]
    private static partial Regex Forgotten();
}
