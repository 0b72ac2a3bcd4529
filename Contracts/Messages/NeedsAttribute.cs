namespace LanCollab.Contracts;

/// <summary>
/// Who may send a message to the hub, or who may set a field of it. Every message that the hub takes from somebody in a room carries it:
/// <see cref="MessageChannel"/> checks it before the handler, and does not take a handler without it.
/// </summary>
/// <param name="role">The least role.</param>
/// <example><code>
/// [Message("screen/present"), Needs(Role.Member)]
/// internal sealed record Present([property: Needs(Role.Moderator)] bool TakeOver = false);
/// </code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property, Inherited = false)]
public sealed class NeedsAttribute(Role role) : Attribute
{
    /// <summary>The least role.</summary>
    public Role Role { get; } = role;
}
