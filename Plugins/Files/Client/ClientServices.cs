using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>What every part of the client half works with.</summary>
/// <param name="Context">The shell's.</param>
/// <param name="Bridge">To the page.</param>
/// <param name="Settings">The configuration.</param>
/// <param name="Journal">Survives a kill.</param>
/// <param name="Gate">Whether and where the client is connected.</param>
/// <param name="Files">The room's list.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">The log.</param>
internal sealed record ClientServices(
    IClientContext Context, IBridge Bridge, ILiveOptions<FilesOptions> Settings, TransferJournal Journal, HubGate Gate, SharedFiles Files, TimeProvider Time, ILogger Log)
{
    /// <summary>Blocks from and for other clients.</summary>
    public SwarmClient Swarm => field ??= new SwarmClient(this);

    /// <summary>Of this moment.</summary>
    public FilesOptions Options => Settings.Current;
}
