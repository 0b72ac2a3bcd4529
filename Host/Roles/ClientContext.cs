using LanCollab.Contracts;
using LanCollab.Host.Bridge;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>What the daemon lends to one plugin.</summary>
internal sealed class ClientContext(
    LoadedPlugin plugin, string dataRoot, Settings settings, ClientLink link, BridgeServer bridge, ILogger log, CancellationToken stopping)
    : PluginContext(plugin, dataRoot, settings, log, stopping), IClientContext
{
    public void OpenStream(string service, Func<IChannel, CancellationToken, Task> run, int maxFrame = FrameLimits.Control) =>
        link.AddStream(service, maxFrame, run, e => Fault($"the {service} channel", e));

    public async Task<IChannel> ConnectAsync(string service, int maxFrame, CancellationToken cancellationToken) =>
        await link.ConnectAsync(service, maxFrame, cancellationToken).ConfigureAwait(false);

    public IClientDatagrams OpenDatagrams(string service, ClientDatagramHandler handler) => link.AddDatagrams(service, handler);

    public IBridge Bridge(MessageSet messages) => bridge.For(PluginName, messages, e => Fault("a request of the page", e));
}
