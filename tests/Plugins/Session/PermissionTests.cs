using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LanCollab.Plugins.Session;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>The table of permissions is not only written down: each message is really sent, with each of its fields, by each role.</summary>
public class PermissionTests : DoorTestBase
{
    private static readonly IReadOnlyList<Type> Messages =
        [.. typeof(SessionProtocol).Assembly.GetTypes().Where(t => t.GetCustomAttribute<NeedsAttribute>() is not null).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public static TheoryData<string, Role> Cells()
    {
        var cells = new TheoryData<string, Role>();
        foreach (Type type in Messages)
            foreach (Role role in Enum.GetValues<Role>()) cells.Add(type.Name, role);
        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    public async Task A_message_passes_or_is_refused_as_its_role_says(string name, Role role)
    {
        Type type = Messages.Single(t => t.Name == name);
        foreach ((string? field, string body) in Bodies(type))
        {
            Role least = field is null ? Permissions.Of(type).Least!.Value : Permissions.Of(type).LeastFor(field)!.Value;
            (Caller sender, string target) = await CastAsync(role);
            string? refusal = await SendAsync(sender, type, body.Replace("00c0ffee00c0ffee", target, StringComparison.Ordinal));
            Assert.True(refusal == "not-allowed" == role < least, $"{name}.{field ?? "*"} by a {role}: {refusal ?? "ok"}");
        }
    }

    /// <summary>Somebody in that role, and somebody whom the message may be about.</summary>
    private async Task<(Caller Sender, string Target)> CastAsync(Role role)
    {
        string room = $"room {Guid.NewGuid():n}";
        Caller first = await EnterAsync("First", room), sender = await EnterAsync("Sender", room), target = await EnterAsync("Target", room);
        await first.AskAsync(new SetRole(sender.Id, role.ToString().ToLowerInvariant()));
        return (sender, target.Id);
    }

    /// <summary>The code of the refusal; null: it was accepted.</summary>
    private static async Task<string?> SendAsync(Caller sender, Type type, string body)
    {
        object message = SessionProtocol.Messages.Decode(type, Encoding.UTF8.GetBytes(body));
        try
        {
            await sender.AskAsync(message);
            return null;
        }
        catch (UserErrorException e)
        {
            return e.Code;
        }
    }

    /// <summary>The message with what it must have, then with each other field of its example added.</summary>
    private static IEnumerable<(string? Field, string Body)> Bodies(Type type)
    {
        JsonObject example = JsonNode.Parse(Example(type))!.AsObject();
        HashSet<string> required = [.. type.GetConstructors()[0].GetParameters().Where(p => !p.HasDefaultValue).Select(p => Camel(p.Name!))];
        yield return (null, Only(example, required));
        foreach (PropertyInfo field in type.GetProperties().Where(p => example.ContainsKey(Camel(p.Name))))
            yield return (field.Name, Only(example, [.. required, Camel(field.Name)]));
    }

    private static string Only(JsonObject example, HashSet<string> fields) =>
        new JsonObject(example.Where(f => fields.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))).ToJsonString();

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Example(Type type) =>
        XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member")
            .Single(m => (string?)m.Attribute("name") == $"T:{type.FullName}").Descendants("example").Single().Value;
}
