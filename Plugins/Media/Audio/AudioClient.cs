using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

internal sealed class AudioClient : IMediaClientPart
{
    public AudioClient(ILogger log, TimeProvider time) { }

    public void Start(IClientContext context, MediaOptions options, IBridge bridge, ServiceLink link) { }

    public void Configure(MessageChannel channel) { }

    public Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Closed() { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
