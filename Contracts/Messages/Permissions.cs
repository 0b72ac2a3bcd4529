using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace LanCollab.Contracts;

/// <summary>
/// What <see cref="NeedsAttribute"/> says of one message type. A field counts as set when its value is another than the one it has when
/// the sender leaves it out: null, false, 0 or an empty text.
/// </summary>
public sealed class Permissions
{
    private static readonly ConcurrentDictionary<Type, Permissions> Known = new();

    private readonly (PropertyInfo Field, Role Least)[] _fields;

    private Permissions(Type message)
    {
        Least = message.GetCustomAttribute<NeedsAttribute>()?.Role;
        _fields =
        [
            .. from field in message.GetProperties()
               let needs = field.GetCustomAttribute<NeedsAttribute>()
               where needs is not null
               select (field, needs.Role),
        ];
    }

    /// <summary>Those of a message type.</summary>
    public static Permissions Of(Type message) => Known.GetOrAdd(message, type => new Permissions(type));

    /// <summary>The least role that may send the message; null: it does not say, so that nobody in a room may send it to the hub.</summary>
    public Role? Least { get; }

    /// <summary>The least role that may set a field; that of the message when the field says nothing.</summary>
    public Role? LeastFor(string property) => Array.Find(_fields, f => f.Field.Name == property) is { Field: not null } own && own.Least > Least ? own.Least : Least;

    /// <summary>Lets a message pass or refuses it.</summary>
    /// <param name="message">Of this type.</param>
    /// <param name="role">The sender's role.</param>
    /// <param name="name">The message's name on the wire, for the sentence.</param>
    /// <exception cref="UserErrorException"><c>not-allowed</c>.</exception>
    public void Check(object message, Role role, string name)
    {
        if (Least > role) throw Refused(name, role, Least.Value);
        foreach ((PropertyInfo field, Role least) in _fields)
            if (least > role && IsSet(field.GetValue(message)))
                throw Refused($"\"{JsonNamingPolicy.CamelCase.ConvertName(field.Name)}\" of {name}", role, least);
    }

    private static bool IsSet(object? value) => value switch
    {
        null => false,
        string text => text.Length > 0,
        System.Collections.ICollection items => items.Count > 0,
        _ => !value.GetType().IsValueType || !value.Equals(Activator.CreateInstance(value.GetType())),
    };

    private static UserErrorException Refused(string what, Role role, Role least) =>
        new("not-allowed", $"As a {Name(role)} you may not use {what}; it needs a {Name(least)}.");

    private static string Name(Role role) => role.ToString().ToLowerInvariant();
}
