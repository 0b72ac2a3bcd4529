using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

internal sealed class AudioServer : IMediaServerPart
{
    public AudioServer(ILogger log, TimeProvider time, Lazy<ISessions> sessions, MediaRooms rooms) { }

    public void Start(IServerContext context, MediaOptions options) { }

    public void Attach(MessageChannel channel) { }

    public void Detach(MessageChannel channel) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
