namespace LanCollab.Host.Roles;

/// <summary>A process that this one started ended before it was ready; its exit code becomes this program's.</summary>
/// <param name="role">What it was.</param>
/// <param name="code">How it ended.</param>
internal sealed class ChildEndedException(string role, int code) : Exception($"The {role} ended while it started; its own message stands above.")
{
    public ExitCode Code { get; } = Enum.IsDefined((ExitCode)code) && code != 0 ? (ExitCode)code : ExitCode.Failed;
}
