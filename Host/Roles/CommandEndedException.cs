namespace LanCollab.Host.Roles;

/// <summary>A command has ended with this exit code; the message, if any, is for a person.</summary>
internal sealed class CommandEndedException(int code, string message = "") : Exception(message)
{
    /// <summary>The program's exit code.</summary>
    public int Code { get; } = code;
}
