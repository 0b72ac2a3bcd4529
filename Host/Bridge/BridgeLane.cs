using LanCollab.Contracts;

namespace LanCollab.Host.Bridge;

/// <summary>A plugin's binary channel. On the WebSocket: <code>u8 lane number | payload</code></summary>
/// <param name="number">1-255, the same for all pages of this launch.</param>
/// <param name="name"><c>plugin.name</c>.</param>
/// <param name="owner">The plugin's bridge.</param>
/// <param name="pages">Who is connected.</param>
/// <param name="received">The plugin's handler, or null when pages send nothing on this lane.</param>
internal sealed class BridgeLane(
    byte number, string name, PluginBridge owner, PageList pages, Func<IPage, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? received) : IBinaryLane
{
    private readonly SemaphoreSlim _turn = new(1);

    public byte Number => number;

    public string Name => name;

    public PluginBridge Owner => owner;

    public void Publish(ReadOnlyMemory<byte> payload)
    {
        foreach (Page page in pages.All) page.Queue.TryLane(number, payload.Span);
    }

    /// <summary>Hands a message to the plugin, one at a time.</summary>
    /// <exception cref="UserErrorException">The lane takes nothing from pages.</exception>
    public async ValueTask ReceiveAsync(Page page, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (received is null) throw new UserErrorException("unknown-lane", $"The lane {name} takes nothing from a page.");
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await received(page.For(owner), payload, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A handler has thrown.</summary>
    public void Fault(Exception cause) => owner.Fault(cause);
}
