using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>The others' cameras: packets become frames, frames go to the pages, and the size follows what gets through.</summary>
internal sealed class VideoReceiver(ILogger log, TimeProvider time, IBridge bridge, ServiceLink link)
{
    // Some forty large JPEGs on their way at a time; beyond that, frames are given up.
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly AssemblyBudget _budget = new(MaxBytes);
    private readonly Dictionary<uint, IncomingVideo> _streams = [];
    private readonly Dictionary<string, VideoLayer> _wishes = [];
    private volatile MessageChannel? _channel;
    private readonly VideoScreens _screens = new(bridge.Lane("video"));

    /// <summary>Everybody's figures.</summary>
    public IReadOnlyList<VideoStats> Stats
    {
        get { lock (_lock) return [.. _streams.Values.Select(s => s.Stats)]; }
    }

    /// <summary>A page has come: it learns what there is.</summary>
    public void Add(IPage page)
    {
        lock (_lock)
        {
            _screens.Add(page);
            page.Send(Known());
        }
    }

    /// <summary>A page has gone.</summary>
    public void Remove(IPage page)
    {
        lock (_lock) _screens.Remove(page);
    }

    /// <summary>Takes a datagram; called on the receive loop.</summary>
    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (!VideoHeader.TryReadPacket(packet, out VideoHeader header)) return;
        lock (_lock)
        {
            if (_streams.TryGetValue(header.Stream, out IncomingVideo? stream) && stream.Info.Codec == header.Codec)
                stream.Assembly.Add(header, packet[VideoHeader.Bytes..]);
        }
    }

    /// <summary>Shows a picture of the own camera to the pages.</summary>
    public void Preview(in VideoHeader header, ReadOnlySpan<byte> bytes)
    {
        lock (_lock) _screens.Show(header, bytes, out _);
    }

    /// <summary>The hub tells all cameras that are on.</summary>
    public void Replace(VideoStreams streams)
    {
        lock (_lock)
        {
            foreach (IncomingVideo old in _streams.Values.ToArray()) Drop(old);
            foreach (VideoStarted started in streams.Items) Open(started);
            bridge.Publish(Known());
        }
    }

    /// <summary>A camera is on.</summary>
    public void Start(VideoStarted started)
    {
        lock (_lock)
        {
            if (Of(started.Id) is { } old) Drop(old);
            Open(started);
            bridge.Publish(started);
        }
    }

    /// <summary>A camera is off.</summary>
    public void Stop(VideoStopped stopped)
    {
        lock (_lock)
        {
            if (Of(stopped.Id) is { } old) Drop(old);
            bridge.Publish(stopped);
        }
    }

    /// <summary>There is a new channel to the hub, which will tell what there is.</summary>
    public void Opened(MessageChannel channel) => _channel = channel;

    /// <summary>The channel to the hub has gone, and with it all streams.</summary>
    public void Closed()
    {
        _channel = null;
        Replace(new VideoStreams([]));
        // The pages ask again for what they are told of next, perhaps in another room.
        lock (_lock) _wishes.Clear();
    }

    /// <summary>The page wants a person's camera in that size.</summary>
    /// <exception cref="UserErrorException"><c>not-joined</c>, <c>unknown-person</c>.</exception>
    public async Task SubscribeAsync(Subscribe wish, CancellationToken cancellationToken)
    {
        VideoLayer layer;
        lock (_lock) layer = Of(wish.Id)?.Choose(wish.Layer) ?? wish.Layer;
        await link.Current.RequestAsync(wish with { Layer = layer }, cancellationToken).ConfigureAwait(false);
        // Remembered for the person's next stream; the hub has checked that there is such a person.
        lock (_lock) _wishes[wish.Id] = wish.Layer;
    }

    /// <summary>A page's decoder has lost its way.</summary>
    public void AskKeyFrame(string person)
    {
        lock (_lock)
        {
            if (Of(person) is { } stream) AskKeyFrame(stream, stream.Assembly.Layer);
        }
    }

    /// <summary>Looks at what got through, every <see cref="LayerGovernor.Window"/>, until the token ends.</summary>
    public async Task GovernAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LayerGovernor.Window, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            lock (_lock)
                foreach (IncomingVideo stream in _streams.Values) Govern(stream);
    }

    private void Govern(IncomingVideo stream)
    {
        bool changed = stream.EndWindow(out long shown, out long missing);
        VideoLog.Received(log, stream.Info.Name, shown, missing);
        if (!changed) return;
        VideoLog.LayerChanged(log, stream.Info.Name, stream.Choose(Wish(stream)), missing, shown + missing);
        Ask(new Subscribe(stream.Info.Id, stream.Choose(Wish(stream))));
    }

    private void Open(VideoStarted started)
    {
        IncomingVideo? stream = null;
        var assembly = new FrameAssembly(_budget, Show, layer => AskKeyFrame(stream!, layer));
        _streams[started.Stream] = stream = new IncomingVideo(started, assembly);
        if (Wish(stream) is var wish and not VideoLayer.Large) Ask(new Subscribe(started.Id, wish));

        void Show(in VideoHeader header, ReadOnlySpan<byte> bytes)
        {
            if (!_screens.Show(header, bytes, out bool keyFrameNeeded)) stream!.Skipped++;
            if (keyFrameNeeded) AskKeyFrame(stream!, header.Layer);
        }
    }

    private void Drop(IncomingVideo stream)
    {
        stream.Assembly.Clear();
        _streams.Remove(stream.Info.Stream);
        _screens.Forget(stream.Info.Stream);
    }

    private void AskKeyFrame(IncomingVideo stream, VideoLayer layer)
    {
        if (stream.Info.Codec != VideoCodec.Vp8) return;
        if (stream.AskedAt is { } at && time.GetElapsedTime(at) < KeyFrameRequests.Interval) return;
        stream.AskedAt = time.GetTimestamp();
        Ask(new VideoKeyFrame(layer, stream.Info.Id));
    }

    // An event, not a request: nothing waits for the answer, and on a lost connection all this starts over.
    private void Ask(object message) => _channel?.TryPost(message);

    private IncomingVideo? Of(string person) => _streams.Values.FirstOrDefault(s => s.Info.Id == person);

    private VideoLayer Wish(IncomingVideo stream) => _wishes.GetValueOrDefault(stream.Info.Id, VideoLayer.Large);

    private VideoStreams Known() => new([.. _streams.Values.Select(s => s.Info)]);
}
