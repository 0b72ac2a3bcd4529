using System.Reflection;
using NetArchTest.Rules;

namespace LanCollab.Tests.Architecture;

/// <summary>Arrows point down only: Host → Contracts ← Plugins.</summary>
public class ArrowTests
{
    public static TheoryData<string> Plugins => Assemblies.PluginData;

    [Fact]
    public void All_five_plugins_are_looked_at() => Assert.Equal(["Chat", "Files", "Media", "Screen", "Session"], Assemblies.PluginNames);

    [Theory, MemberData(nameof(Plugins))]
    public void A_plugin_knows_contracts_and_neither_the_host_nor_another_plugin(string name)
    {
        string[] others = [.. Assemblies.PluginNames.Where(n => n != name).Select(n => $"LanCollab.Plugins.{n}"), "LanCollab.Host"];
        NetArchTest.Rules.TestResult result = Types.InAssembly(Assemblies.Plugin(name)).ShouldNot().HaveDependencyOnAny(others).GetResult();
        Assert.True(result.IsSuccessful, $"These reach across: {string.Join(", ", result.FailingTypeNames ?? [])}. Put what is shared into Contracts.");
        Assert.Equal(["LanCollab.Contracts"], OwnReferences(Assemblies.Plugin(name)));
    }

    [Fact]
    public void The_host_references_no_plugin() => Assert.Equal(["LanCollab.Contracts"], OwnReferences(Assemblies.Host));

    [Fact]
    public void Contracts_references_the_base_library_and_abstractions_only()
    {
        IEnumerable<string> wrong = Assemblies.Contracts.GetReferencedAssemblies().Select(a => a.Name!).Where(name => !IsGroundFloor(name));
        Assert.Empty(wrong);
    }

    [Theory, MemberData(nameof(Plugins))]
    public void A_plugins_project_references_no_other_project(string name) =>
        Assert.DoesNotContain("ProjectReference", File.ReadAllText(Support.Processes.Repository.In($"Plugins/{name}/{name}.csproj")));

    [Theory, MemberData(nameof(Plugins))]
    public void A_plugins_assembly_carries_its_name_and_contract(string name)
    {
        PluginAttribute? plugin = Assemblies.Plugin(name).GetCustomAttribute<PluginAttribute>();
        Assert.Equal(name.ToLowerInvariant(), plugin?.Name);
        Assert.Equal(PluginAttribute.CurrentContract, plugin?.Contract);
    }

    private static IEnumerable<string> OwnReferences(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(name => name.StartsWith("LanCollab", StringComparison.Ordinal));

    private static bool IsGroundFloor(string name) => name switch
    {
        "System.Composition.AttributedModel" => true,
        _ when name.StartsWith("System.Composition", StringComparison.Ordinal) => false,
        _ when name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) => name.EndsWith(".Abstractions", StringComparison.Ordinal),
        _ => name.StartsWith("System.", StringComparison.Ordinal),
    };
}
