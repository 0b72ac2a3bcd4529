using LanCollab.Contracts;
using LanCollab.Plugins.Media.Timing;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>The daemon's half of pictures: puts the own camera, the others' cameras, the hub and the pages together.</summary>
internal sealed class VideoClient(ILogger log, TimeProvider time, OwnClocks clocks) : IMediaClientPart
{
    private VideoPublisher? _publisher;
    private VideoReceiver? _receiver;

    private VideoPublisher Publisher => _publisher ?? throw new InvalidOperationException("Not started.");

    private VideoReceiver Receiver => _receiver ?? throw new InvalidOperationException("Not started.");

    /// <summary>Everybody's figures, for <c>media/stats</c>.</summary>
    public IReadOnlyList<VideoStats> Stats => Receiver.Stats;

    /// <inheritdoc />
    public void Start(IClientContext context, MediaOptions options, IBridge bridge, ServiceLink link)
    {
        var receiver = _receiver = new VideoReceiver(log, time, bridge, link, options, clocks.Mix);
        VideoSender? sender = null;
        IClientDatagrams datagrams = context.OpenDatagrams("video", packet =>
        {
            if (VideoFeedback.Is(packet)) sender?.Receive(packet);
            else receiver.Receive(packet);
        });
        sender = new VideoSender(datagrams, time);
        var publisher = _publisher = new VideoPublisher(log, time, options, sender, bridge.Publish, receiver.Preview, clocks.Voice);
        Serve(context, bridge, publisher, receiver);
        context.Run("video figures", receiver.CountAsync);
        context.Run("video feedback", token => receiver.FeedBackAsync(datagrams, token));
        context.Run("video reports", publisher.ReportAsync);
        SourceSpec configured = SourceSpec.Parse(options.Camera);
        if (configured.Kind is SourceKind.File or SourceKind.Device) context.Run("camera", token => StartAsync(configured, token));
    }

    /// <inheritdoc />
    public void Configure(MessageChannel channel)
    {
        Receiver.Opened(channel);
        channel
            .On<VideoStreams>(Receiver.Replace)
            .On<VideoStarted>(Receiver.Start)
            .On<VideoStopped>(Receiver.Stop)
            .On<VideoKeyFrame>(Publisher.AskKeyFrame)
            .On<VideoWanted>(Publisher.Want)
            .On<VideoLayerChosen>(Receiver.Choose)
            .On<Sync>(Receiver.Take)
            .On<VideoOrder>(Receiver.Pass)
            .On<VideoLoad>(Receiver.Pass);
    }

    /// <inheritdoc />
    public Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken) => Publisher.OpenedAsync(channel, cancellationToken);

    /// <inheritdoc />
    public void Closed()
    {
        Receiver.Closed();
        Publisher.Closed();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _publisher?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static void Serve(IClientContext context, IBridge bridge, VideoPublisher publisher, VideoReceiver receiver)
    {
        bridge.Lane("camera", publisher.SendAsync);
        bridge.On<SetVideo>(async (message, page, token) =>
        {
            await publisher.SetAsync(SourceSpec.Parse(message.Source), page, token, message.Layers).ConfigureAwait(false);
            return publisher.State;
        });
        bridge.On<Watch>((message, page, _) =>
        {
            receiver.Watch(page, message);
            return ValueTask.FromResult<object?>(null);
        });
        bridge.On<VideoDrawn>((message, _, _) =>
        {
            receiver.Drawn(message);
            return ValueTask.FromResult<object?>(null);
        });
        bridge.On<Subscribe>(async (message, page, token) =>
        {
            await receiver.SubscribeAsync(page, message, token).ConfigureAwait(false);
            return null;
        });
        bridge.On<VideoKeyFrame>((message, _, _) =>
        {
            if (message.Id is { } person) receiver.AskKeyFrame(person);
            return ValueTask.FromResult<object?>(null);
        });
        bridge.OnConnected(page =>
        {
            receiver.Add(page);
            page.Send(publisher.State);
        });
        bridge.OnDisconnected(page =>
        {
            receiver.Remove(page);
            context.Run("camera off", token => publisher.PageGoneAsync(page, token));
        });
    }

    private async Task StartAsync(SourceSpec configured, CancellationToken cancellationToken)
    {
        try
        {
            await Publisher.SetAsync(configured, null, cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException)
        {
            // Logged and shown on the page already; the meeting goes on without this camera.
        }
    }
}
