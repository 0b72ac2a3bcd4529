using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Poll;

/// <summary>The daemon's half: hands the page's requests to the hub and the hub's polls to the page.</summary>
[Export(typeof(IClientPlugin)), Shared]
[method: ImportingConstructor]
public sealed class PollClient(ILogger log) : IClientPlugin
{
    private volatile Polls _polls = new([]);

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        IBridge bridge = context.Bridge(PollWire.Messages);
        ServiceLink link = ServiceLink.Open(context, PollWire.Service, PollWire.Messages, log, channel => channel.On((Polls polls) => bridge.Publish(_polls = polls)));
        bridge.On<Ask>((ask, _, token) => ForwardAsync(link, ask, token));
        bridge.On<Vote>((vote, _, token) => ForwardAsync(link, vote, token));
        // A page may be opened or loaded again at any time: it begins with what is known.
        bridge.OnConnected(page => page.Send(_polls));
        return Task.CompletedTask;
    }

    private static async ValueTask<object?> ForwardAsync(ServiceLink link, object request, CancellationToken cancellationToken)
    {
        await link.Current.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
