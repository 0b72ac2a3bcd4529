using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The hub's half of pictures: who has a camera on, who watches whom, in each room. Tied to control channels: when a person's channel
/// goes, so does the stream, and the person announces it again on the next one.
/// </summary>
/// <param name="log">Where it is told of.</param>
/// <param name="time">The clock.</param>
/// <param name="speech">Who spoke last.</param>
/// <param name="played">Which sample of somebody's voice was played as which one of the mix, see <see cref="Timing.SyncRelay"/>.</param>
internal sealed class VideoServer(ILogger log, TimeProvider time, SpeechOrder speech, Func<Peer, (uint Voice, uint Mix)?> played) : IMediaServerPart
{
    private const int MostViews = 1000;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5), IdleBeat = TimeSpan.FromMilliseconds(200), PlanEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly List<Viewer> _viewers = [];
    private VideoForwarder? _forwarder;
    private Rescaler? _rescaler;
    private VideoPlanner _planner = null!;
    private LoadSteps _load = null!;
    private uint _lastStream;
    private long _idleAt; // when there was no camera last

    /// <summary>Packets passed on and dropped.</summary>
    public VideoForwarder Forwarder => _forwarder ?? throw new InvalidOperationException("Not started.");

    /// <inheritdoc />
    public void Start(IServerContext context, MediaOptions options)
    {
        if (options.MaxRescaled > 0) _rescaler = new Rescaler(log, time, options.MaxRescaled);
        _forwarder = new VideoForwarder(log, time, options.MaxVideoWidth, options.MaxVideoHeight, _rescaler);
        _load = new LoadSteps(options);
        _planner = new VideoPlanner(time, speech, options, _load, () => _rescaler is { IsAble: true });
        IServerDatagrams? datagrams = null;
        datagrams = context.MapDatagrams(
            new DatagramService("video", options.VideoPort, nameof(MediaOptions.VideoPort)),
            (from, packet) => Forwarder.Receive(datagrams!, from, packet));
        if (_rescaler is not null)
        {
            _rescaler.Ready = (VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> jpeg) => Forwarder.Pass(datagrams, stream, header, jpeg);
            _rescaler.Start();
        }
        context.Run("video plans", token => RunAsync(datagrams, token));
    }

    /// <inheritdoc />
    public void Attach(MessageChannel channel)
    {
        var viewer = new Viewer(channel, time);
        channel
            .On<VideoOn>(message => TurnOn(viewer, message))
            .On<VideoOff>(_ => TurnOff(viewer))
            .On<Subscribe>(message => { Set(viewer, message); return null; })
            .On<Watch>(message => Set(viewer, message))
            .On<SyncSent>(message => Set(viewer, message))
            .On<VideoUplink>(message => Set(viewer, message))
            .On<VideoKeyFrame>(message => AskKeyFrame(viewer, message));
        lock (_lock)
        {
            // A newer channel of the same person takes the older one's place, which may not have noticed yet that it is dead.
            if (_viewers.Find(v => v.Peer == viewer.Peer) is { } old) Forget(old);
            _viewers.Add(viewer);
            Forwarder.Add(viewer.Watcher);
            Tell(viewer, new VideoStreams([.. Others(viewer).Select(v => v.Stream).OfType<VideoStream>().Select(s => s.Info)]));
            foreach (Sync sync in Others(viewer).Select(v => v.Stream?.Lips.Told).OfType<Sync>()) Tell(viewer, sync);
            if (_load.Step > 0) Tell(viewer, new VideoLoad(_load.Step, _load.Cause));
            Plan(viewer.Peer.Room);
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
        return _rescaler?.DisposeAsync() ?? ValueTask.CompletedTask;
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
            viewer.Stream = new VideoStream(viewer.Peer, info, layer => new KeyFrameRequests(time, () => viewer.Channel.TryPost(new VideoKeyFrame(layer))), time);
            // First the message, then the packets: a client drops those of a stream that it has not heard of.
            foreach (Viewer other in Others(viewer)) Tell(other, info);
            Plan(viewer.Peer.Room);
            Forwarder.Add(viewer.Stream);
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

    private void TurnOff(Viewer viewer)
    {
        lock (_lock) Stop(viewer);
    }

    private void Set(Viewer viewer, Subscribe message)
    {
        lock (_lock)
        {
            viewer.SetHeight(Publisher(viewer, message.Id).Peer.Id, Layers.HeightOf(message.Layer));
            Plan(viewer.Peer.Room);
        }
    }

    private void Set(Viewer viewer, Watch message)
    {
        lock (_lock)
        {
            HashSet<string> here = [.. Others(viewer).Select(o => o.Peer.Id)];
            foreach (View view in message.Views.Take(MostViews))
                if (here.Contains(view.Id)) viewer.SetHeight(view.Id, Math.Clamp(view.Height, 0, VideoHeader.MaxSide));
            Plan(viewer.Peer.Room);
        }
    }

    private void Set(Viewer viewer, SyncSent message)
    {
        lock (_lock)
        {
            if (viewer.Stream is not { } stream || stream.Info.Stream != message.Stream) return;
            stream.Lips.Sent = message;
            TellSync(viewer, stream);
        }
    }

    private void Set(Viewer viewer, VideoUplink message)
    {
        lock (_lock)
        {
            if (viewer.Stream is not { } stream || stream.Info.Stream != message.Stream) return;
            stream.UplinkBits = message.Bits is { } bits ? Math.Max(0, bits) : double.PositiveInfinity;
            Plan(viewer.Peer.Room);
        }
    }

    private void TellSync(Viewer viewer, VideoStream stream)
    {
        if (stream.Lips.News(stream.Info, played(viewer.Peer)) is not { } news) return;
        foreach (Viewer other in Others(viewer)) Tell(other, news);
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
        Forwarder.Remove(viewer.Watcher);
        foreach (Viewer other in Others(viewer))
        {
            other.Stream?.Remove(viewer.Peer);
            other.Forget(viewer.Peer);
        }
        if (_viewers.TrueForAll(v => v.Peer.Room != viewer.Peer.Room)) _planner.Forget(viewer.Peer.Room);
    }

    private void Stop(Viewer viewer)
    {
        if (viewer.Stream is not { } stream) return;
        viewer.Stream = null;
        Forwarder.Remove(stream);
        stream.Dispose();
        _planner.Forget(stream);
        foreach (Viewer other in Others(viewer))
        {
            other.Forget(stream);
            Tell(other, new VideoStopped(viewer.Peer.Id));
        }
        VideoLog.Stopped(log, viewer.Peer, stream.Info.Stream);
    }

    // One that does not read would miss something for good; on its next connection it is told everything again.
    private static void Tell(Viewer viewer, object message)
    {
        if (!viewer.Channel.TryPost(message)) viewer.Channel.Channel.Close("The client does not read its control channel.");
    }

    private void Plan(string room) => _planner.Plan(room, [.. _viewers.Where(v => v.Peer.Room == room)]);

    private async Task RunAsync(IServerDatagrams datagrams, CancellationToken cancellationToken)
    {
        var meter = new LoadMeter(time);
        long planned = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan beat = Forwarder.IsIdle ? IdleBeat : Beat;
            long before = time.GetTimestamp();
            if (Forwarder.IsIdle) _idleAt = before;
            await Task.Delay(beat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            meter.Late(time.GetElapsedTime(before) - beat);
            TimeSpan since = time.GetElapsedTime(planned);
            Forwarder.Flush(datagrams);
            Forwarder.Review(datagrams, report: since >= PlanEvery);
            if (since < PlanEvery) continue;
            planned = time.GetTimestamp();
            Look(meter, since);
        }
    }

    private void Look(LoadMeter meter, TimeSpan since)
    {
        bool changed = meter.Read(Forwarder.Forwarded, Forwarder.Unsent) is { } sample && _load.Take(sample, settling: time.GetElapsedTime(_idleAt) < LoadSteps.Settling);
        lock (_lock)
        {
            foreach (Viewer viewer in _viewers)
                foreach (VideoLayer layer in Layers.All) viewer.Stream?.Flow(layer)?.Measure(since);
            foreach (Viewer viewer in _viewers)
                if (viewer.Stream is { } stream) TellSync(viewer, stream);
            if (changed && _load.Step > 0) VideoLog.Load(log, _load.Step, _load.Cause);
            else if (changed) VideoLog.LoadPassed(log);
            if (changed)
                foreach (Viewer viewer in _viewers) Tell(viewer, new VideoLoad(_load.Step, _load.Cause));
            foreach (string room in _viewers.Where(v => v.Stream is not null).Select(v => v.Peer.Room).Distinct().ToArray()) Plan(room);
        }
    }
}
