namespace LanCollab.Contracts;

/// <summary>The name of a message on the wire and on the bridge: <c>plugin/type</c>.</summary>
/// <param name="name">For example <c>chat/say</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class MessageAttribute(string name) : Attribute
{
    /// <summary>Plugin and type, with a slash between.</summary>
    public string Name { get; } = name;
}
