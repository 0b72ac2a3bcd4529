using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The hub's half of pictures: who has a camera on, who watches whom, in each room. Tied to control channels: when a person's channel
/// goes, so does the stream, and the person announces it again on the next one.
/// </summary>
internal sealed class VideoServer(ILogger log, TimeProvider time) : IMediaServerPart
{
    private readonly Lock _lock = new();
    private readonly List<Viewer> _viewers = [];
    private readonly VideoForwarder _forwarder = new(log);
    private uint _lastStream;

    /// <summary>Packets passed on and dropped.</summary>
    public VideoForwarder Forwarder => _forwarder;

    /// <inheritdoc />
    public void Start(IServerContext context, MediaOptions options)
    {
        IServerDatagrams? datagrams = null;
        datagrams = context.MapDatagrams(
            new DatagramService("video", options.VideoPort, nameof(MediaOptions.VideoPort)),
            (from, packet) => _forwarder.Receive(datagrams!, from, packet));
    }

    /// <inheritdoc />
    public void Attach(MessageChannel channel)
    {
        var viewer = new Viewer(channel);
        channel
            .On<VideoOn>(message => TurnOn(viewer, message))
            .On<VideoOff>(_ => TurnOff(viewer))
            .On<Subscribe>(message => { Set(viewer, message); return null; })
            .On<VideoKeyFrame>(message => AskKeyFrame(viewer, message));
        lock (_lock)
        {
            // A newer channel of the same person takes the older one's place, which may not have noticed yet that it is dead.
            if (_viewers.Find(v => v.Peer == viewer.Peer) is { } old) Forget(old);
            _viewers.Add(viewer);
            VideoStream[] streams = [.. Others(viewer).Select(v => v.Stream).OfType<VideoStream>()];
            Tell(viewer, new VideoStreams([.. streams.Select(s => s.Info)]));
            foreach (VideoStream stream in streams) stream.Set(viewer.Peer, VideoLayer.Large);
        }
    }

    /// <inheritdoc />
    public void Detach(MessageChannel channel)
    {
        lock (_lock)
        {
            if (_viewers.Find(v => v.Channel == channel) is { } viewer) Forget(viewer);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            foreach (Viewer viewer in _viewers) viewer.Stream?.Dispose();
            _viewers.Clear();
        }
        return ValueTask.CompletedTask;
    }

    private VideoGranted TurnOn(Viewer viewer, VideoOn message)
    {
        Check(message);
        lock (_lock)
        {
            if (!_viewers.Contains(viewer)) throw new UserErrorException("connection-lost", "A newer connection has taken this one's place.");
            Stop(viewer);
            var info = new VideoStarted(
                viewer.Peer.Id, viewer.Peer.Name, ++_lastStream, message.Codec, message.Width, message.Height, message.Layers);
            viewer.Stream = new VideoStream(viewer.Peer, info, Requests(viewer, VideoLayer.Large), Requests(viewer, VideoLayer.Small));
            foreach (Viewer other in Others(viewer))
            {
                // First the message, then the packets: a client drops those of a stream that it has not heard of.
                Tell(other, info);
                viewer.Stream.Set(other.Peer, VideoLayer.Large);
            }
            _forwarder.Add(viewer.Stream);
            VideoLog.Started(log, viewer.Peer, info.Stream, info.Codec);
            return new VideoGranted(info.Stream);
        }
    }

    private static void Check(VideoOn message)
    {
        bool size = message.Width is > 0 and <= VideoHeader.MaxSide && message.Height is > 0 and <= VideoHeader.MaxSide;
        VideoLayer[] all = [VideoLayer.Hd, VideoLayer.Large, VideoLayer.Small];
        bool layers = message.Layers.Count > 0 && message.Layers.SequenceEqual(all.Where(message.Layers.Contains));
        if (!size) throw new UserErrorException("bad-request", $"A picture has 1 to {VideoHeader.MaxSide} pixels a side.");
        if (!layers) throw new UserErrorException("bad-request", "The layers of a camera are hd, large and small, some of them in this order.");
    }

    private KeyFrameRequests Requests(Viewer viewer, VideoLayer layer) =>
        new(time, () => viewer.Channel.TryPost(new VideoKeyFrame(layer)));

    private void TurnOff(Viewer viewer)
    {
        lock (_lock) Stop(viewer);
    }

    private void Set(Viewer viewer, Subscribe message)
    {
        lock (_lock)
        {
            Publisher(viewer, message.Id).Stream?.Set(viewer.Peer, message.Layer);
        }
    }

    private void AskKeyFrame(Viewer viewer, VideoKeyFrame message)
    {
        lock (_lock)
        {
            if (message.Layer != VideoLayer.None && message.Id is { } id) Publisher(viewer, id).Stream?.AskKeyFrame(message.Layer);
        }
    }

    private Viewer Publisher(Viewer viewer, string id) => Others(viewer).FirstOrDefault(v => v.Peer.Id == id)
        ?? throw new UserErrorException("unknown-person", "This person is not in the room any more.");

    private IEnumerable<Viewer> Others(Viewer viewer) => _viewers.Where(v => v != viewer && v.Peer.Room == viewer.Peer.Room);

    private void Forget(Viewer viewer)
    {
        Stop(viewer);
        _viewers.Remove(viewer);
        foreach (Viewer other in Others(viewer)) other.Stream?.Remove(viewer.Peer);
    }

    private void Stop(Viewer viewer)
    {
        if (viewer.Stream is not { } stream) return;
        viewer.Stream = null;
        _forwarder.Remove(stream);
        stream.Dispose();
        foreach (Viewer other in Others(viewer)) Tell(other, new VideoStopped(viewer.Peer.Id));
        VideoLog.Stopped(log, viewer.Peer, stream.Info.Stream);
    }

    // One that does not read would miss something for good; on its next connection it is told everything again.
    private static void Tell(Viewer viewer, object message)
    {
        if (!viewer.Channel.TryPost(message)) viewer.Channel.Channel.Close("The client does not read its control channel.");
    }

    /// <summary>A person's control channel.</summary>
    private sealed class Viewer(MessageChannel channel)
    {
        public MessageChannel Channel { get; } = channel;
        public Peer Peer { get; } = channel.Peer;
        public VideoStream? Stream { get; set; }
    }
}
