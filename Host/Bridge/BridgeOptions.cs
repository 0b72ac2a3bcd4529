namespace LanCollab.Host.Bridge;

/// <summary>What the bridge is started with.</summary>
/// <param name="UiPort">The asked port, 0-65535; 0 = any free one. When it is busy the next free one is taken.</param>
/// <param name="UiDirectory">The folder of the shell's own page: <c>index.html</c> and what belongs to it.</param>
public sealed record BridgeOptions(int UiPort, string UiDirectory)
{
    /// <summary>The key that opens the bridge; null makes a new one of 256 random bits.</summary>
    public string? Key { get; init; }
}
