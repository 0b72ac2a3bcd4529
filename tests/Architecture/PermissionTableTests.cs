using System.Reflection;
using System.Text.Json;

namespace LanCollab.Tests.Architecture;

/// <summary>Who may send what: every message that the hub takes from somebody in a room, every field of it, every role.</summary>
public class PermissionTableTests
{
    [Fact]
    public void Every_cell_of_the_table_is_what_the_hub_checks_and_no_cell_is_missing()
    {
        Dictionary<string, string> table = PermissionTable.Rows.ToDictionary(row => row.Cell, row => row.Roles);
        Dictionary<string, string> actual = Actual().ToDictionary(row => row.Cell, row => row.Roles);
        string[] unlisted = [.. actual.Where(row => !table.ContainsKey(row.Key)).Select(Line)];
        string[] wrong = [.. actual.Where(row => table.TryGetValue(row.Key, out string? roles) && roles != row.Value).Select(Line)];
        string[] stale = [.. table.Keys.Except(actual.Keys)];
        Assert.True(unlisted.Length == 0, $"Not in tests/Architecture/PermissionTable.cs; think, then add:\n{string.Join('\n', unlisted)}");
        Assert.True(wrong.Length == 0, $"The hub checks otherwise than the table says:\n{string.Join('\n', wrong)}");
        Assert.True(stale.Length == 0, $"In the table, but not in the program:\n{string.Join('\n', stale)}");
    }

    [Fact]
    public void The_table_has_a_row_once() =>
        Assert.Empty(PermissionTable.Rows.GroupBy(row => row.Cell).Where(group => group.Count() > 1).Select(group => group.Key));

    private static string Line(KeyValuePair<string, string> row) => $"        {row.Key,-40} {row.Value}";

    private static IEnumerable<(string Cell, string Roles)> Actual() =>
        from plugin in Assemblies.Plugins
        from type in plugin.GetTypes()
        where type.GetCustomAttribute<NeedsAttribute>() is not null
        let message = type.GetCustomAttribute<MessageAttribute>()!.Name
        let permissions = Permissions.Of(type)
        from field in Fields(type)
        let least = field is null ? permissions.Least : permissions.LeastFor(field.Name)
        orderby message
        select ($"{message} {(field is null ? "*" : JsonNamingPolicy.CamelCase.ConvertName(field.Name))}", Roles(least!.Value));

    private static IEnumerable<PropertyInfo?> Fields(Type type) =>
        [null, .. type.GetProperties().Where(p => p.CanWrite && p.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is null)];

    private static string Roles(Role least) => string.Join(' ', Enum.GetValues<Role>().Select(role => role >= least ? "yes" : "no "));
}
