using System.Composition;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Timing;
using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media;

/// <summary>The daemon's half: one control channel to the hub, and the two parts that share it.</summary>
[Export(typeof(IClientPlugin)), Shared]
[method: ImportingConstructor]
internal sealed class MediaClient(ILogger log, TimeProvider time) : IClientPlugin, IAsyncDisposable
{
    private readonly IMediaClientPart[] _parts = Parts(log, time);

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<MediaOptions>();
        IBridge bridge = context.Bridge(MediaMessages.Set);
        ServiceLink link = ServiceLink.Open(context, MediaMessages.Service, MediaMessages.Set, log, Configure, OpenedAsync, Closed);
        foreach (IMediaClientPart part in _parts) part.Start(context, options, bridge, link);
        return Task.CompletedTask;
    }

    private static IMediaClientPart[] Parts(ILogger log, TimeProvider time)
    {
        var clocks = new OwnClocks(time);
        var video = new VideoClient(log, time, clocks);
        return [new AudioClient(log, time, clocks, () => video.Stats), video];
    }

    private void Configure(MessageChannel channel)
    {
        foreach (IMediaClientPart part in _parts) part.Configure(channel);
    }

    private async Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        foreach (IMediaClientPart part in _parts) await part.OpenedAsync(channel, cancellationToken).ConfigureAwait(false);
    }

    private void Closed()
    {
        foreach (IMediaClientPart part in _parts) part.Closed();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (IMediaClientPart part in _parts) await part.DisposeAsync().ConfigureAwait(false);
    }
}
