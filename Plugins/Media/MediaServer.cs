using System.Composition;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media;

/// <summary>The hub's half: one control channel for each client, and the two parts that share it.</summary>
[Export(typeof(IServerPlugin)), Shared]
internal sealed class MediaServer : IServerPlugin, IAsyncDisposable
{
    private readonly ILogger _log;
    private readonly MediaRooms _rooms;
    private readonly IMediaServerPart[] _parts;

    [ImportingConstructor]
    public MediaServer(ILogger log, TimeProvider time)
    {
        _log = log;
        _rooms = new MediaRooms();
        var speech = new SpeechOrder();
        var audio = new AudioServer(log, time, _rooms, speech);
        _parts = [audio, new VideoServer(log, time, speech, audio.PlayedOf)];
    }

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<MediaOptions>();
        foreach (IMediaServerPart part in _parts) part.Start(context, options);
        context.MapStream(new StreamService(MediaMessages.Service, options.AudioPort) { PortKey = nameof(MediaOptions.AudioPort) }, ServeAsync);
        return Task.CompletedTask;
    }

    private async Task ServeAsync(IChannel raw, CancellationToken cancellationToken)
    {
        var channel = new MessageChannel(raw, MediaMessages.Set, _log);
        _rooms.Add(channel);
        foreach (IMediaServerPart part in _parts) part.Attach(channel);
        try
        {
            await channel.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _rooms.Remove(channel);
            foreach (IMediaServerPart part in _parts) part.Detach(channel);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (IMediaServerPart part in _parts) await part.DisposeAsync().ConfigureAwait(false);
    }
}
