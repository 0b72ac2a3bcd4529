using LanCollab.Contracts;
using LanCollab.Host.Bridge;
using LanCollab.Host.Composition;
using LanCollab.Host.Net;

namespace LanCollab.Host.Roles;

/// <summary>What the daemon lends to one plugin.</summary>
internal sealed class ClientContext(LoadedPlugin plugin, ContextShared shared, ClientLink link, BridgeServer bridge, IDirectLinks direct) : PluginContext(plugin, shared), IClientContext
{
    private readonly List<Action> _undo = [];
    private bool _withdrawn;

    public void OpenStream(string service, Func<IChannel, CancellationToken, Task> run, int maxFrame = FrameLimits.Control) =>
        Keep(link.AddStream(service, maxFrame, run, e => Fault($"the {service} channel", e)), link.Remove);

    public async Task<IChannel> ConnectAsync(string service, int maxFrame, CancellationToken cancellationToken) =>
        await link.ConnectAsync(service, maxFrame, cancellationToken).ConfigureAwait(false);

    public IDirectLinks Direct => direct;

    public IClientDatagrams OpenDatagrams(string service, ClientDatagramHandler handler) => Keep(link.AddDatagrams(service, handler), link.Remove);

    public IBridge Bridge(MessageSet messages) => Keep(bridge.For(PluginName, messages, e => Fault("a request of the page", e)), bridge.Remove);

    public override void Withdraw()
    {
        base.Withdraw();
        lock (_undo)
        {
            _withdrawn = true;
            foreach (Action undo in _undo) undo();
        }
    }

    private T Keep<T>(T made, Action<T> remove)
    {
        lock (_undo)
        {
            _undo.Add(() => remove(made));
            if (!_withdrawn) return made;
        }
        // A start that was given up as too slow goes on by itself: what it still registers must not stay.
        remove(made);
        throw new InvalidOperationException($"The plugin {PluginName} has failed and is left out.");
    }
}
