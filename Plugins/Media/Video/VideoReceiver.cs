using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Timing;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>The others' cameras: packets become frames, frames go to the pages, and the hub hears what is missing and how it goes.</summary>
internal sealed class VideoReceiver(ILogger log, TimeProvider time, IBridge bridge, ServiceLink link, MediaOptions options, PlayedClock mix)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10), IdleBeat = TimeSpan.FromMilliseconds(200), ReportEvery = TimeSpan.FromMilliseconds(200);
    // What the hub is told of a page that does not take its frames.
    private static readonly TimeSpan TooSlow = TimeSpan.FromMilliseconds(500);

    // Some forty large JPEGs on their way at a time; beyond that, frames are given up.
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly AssemblyBudget _budget = new(MaxBytes);
    private readonly Dictionary<uint, IncomingVideo> _streams = [];
    private readonly Displays _displays = new();
    private HopReceiver _hop = new(time);
    private IClientDatagrams? _datagrams;
    private DatagramSender? _send; // its, made once
    private long _slowAt;
    private volatile VideoOrder? _order;
    private volatile VideoLoad? _load;
    private volatile MessageChannel? _channel;
    private readonly VideoScreens _screens = new(bridge.Lane("video"));

    /// <summary>Everybody's figures.</summary>
    public IReadOnlyList<VideoStats> Stats
    {
        get { lock (_lock) return [.. _streams.Values.Select(s => s.Stats with { Recovered = _hop.Gaps.Recovered })]; }
    }

    /// <summary>A page has come: it learns what there is.</summary>
    public void Add(IPage page)
    {
        lock (_lock)
        {
            _screens.Add(page);
            page.Send(Known());
            foreach (IncomingVideo stream in _streams.Values)
            {
                if (stream.Chosen is { } chosen) page.Send(chosen);
                page.Send(new VideoHold(stream.Info.Id, stream.Lips.Told));
            }
            if (_order is { } order) page.Send(order);
            if (_load is { } load) page.Send(load);
        }
    }

    /// <summary>A page has gone.</summary>
    public void Remove(IPage page)
    {
        lock (_lock)
        {
            _screens.Remove(page);
            Watch(_displays.Remove(page));
        }
    }

    /// <summary>A page says how high it displays people.</summary>
    public void Watch(IPage page, Watch watch)
    {
        lock (_lock) Watch(_displays.Set(page, watch.Views));
    }

    /// <summary>A page says what became of its frames.</summary>
    public void Drawn(VideoDrawn drawn)
    {
        lock (_lock)
            foreach (DrawnFrames frames in drawn.Items)
                if (Of(frames.Id) is { } stream) stream.Decode = Math.Clamp(frames.Decode, 0, 10_000);
    }

    /// <summary>The hub sends a camera in another way.</summary>
    public void Choose(VideoLayerChosen chosen)
    {
        lock (_lock)
        {
            if (Of(chosen.Id) is { } stream) stream.Chosen = chosen;
            bridge.Publish(chosen);
        }
    }

    /// <summary>The hub tells which sound belongs to somebody's pictures.</summary>
    public void Take(Sync sync)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(sync.Stream, out IncomingVideo? stream)) return;
            stream.Lips.Known = sync;
            TellHold(stream);
        }
    }

    private void TellHold(IncomingVideo stream)
    {
        if (stream.Lips.Changed() is { } lag) bridge.Publish(new VideoHold(stream.Info.Id, lag));
    }

    /// <summary>Takes a datagram; called on the receive loop.</summary>
    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (!VideoHeader.TryReadPacket(packet, out VideoHeader header)) return;
        lock (_lock)
        {
            if (!_hop.Note(header.Packet)) return;
            if (_streams.TryGetValue(header.Stream, out IncomingVideo? stream) && stream.Info.Codec == header.Codec
                && header.Width <= options.MaxVideoWidth && header.Height <= options.MaxVideoHeight)
                stream.Assembly.Add(header, packet[VideoHeader.Bytes..]);
            if (_send is { } send) Ask(report: false, send);
        }
    }

    /// <summary>The hub tells what is for the pages: the order of speech, or that it is under high load. The last ones are told to pages that come.</summary>
    public void Pass(VideoOrder order) => bridge.Publish(_order = order);

    /// <summary>As above.</summary>
    public void Pass(VideoLoad load) => bridge.Publish(_load = load);

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
            Watch(_displays.All);
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
    public void Opened(MessageChannel channel)
    {
        _channel = channel;
        // The hub counts anew for each channel.
        lock (_lock) _hop = new HopReceiver(time);
    }

    /// <summary>The channel to the hub has gone, and with it all streams.</summary>
    public void Closed()
    {
        _channel = null;
        (_order, _load) = (null, null);
        Replace(new VideoStreams([]));
        // The pages ask again for what they are told of next, perhaps in another room.
        lock (_lock) _displays.Clear();
    }

    /// <summary>The page wants a person's camera in that size.</summary>
    /// <exception cref="UserErrorException"><c>not-joined</c>, <c>unknown-person</c>.</exception>
    public async Task SubscribeAsync(IPage page, Subscribe wish, CancellationToken cancellationToken)
    {
        await link.Current.RequestAsync(wish, cancellationToken).ConfigureAwait(false);
        // Remembered beside what other pages want; the hub has checked that there is such a person.
        lock (_lock) Watch(_displays.Set(page, [new View(wish.Id, Layers.HeightOf(wish.Layer))]));
    }

    /// <summary>A page's decoder has lost its way.</summary>
    public void AskKeyFrame(string person)
    {
        lock (_lock)
        {
            if (Of(person) is { } stream) AskKeyFrame(stream, stream.Assembly.Layer);
        }
    }

    /// <summary>Takes the figures of what got through, every <see cref="IncomingVideo.Window"/>, until the token ends.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(IncomingVideo.Window, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            lock (_lock)
                foreach (IncomingVideo stream in _streams.Values)
                {
                    stream.EndWindow(out long shown, out long missing);
                    VideoLog.Received(log, stream.Info.Name, shown, missing);
                }
    }

    /// <summary>Asks the hub for what is missing, and reports, until the token ends.</summary>
    public async Task FeedBackAsync(IClientDatagrams datagrams, CancellationToken cancellationToken)
    {
        (_datagrams, _send) = (datagrams, datagrams.TrySend);
        long reported = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            bool report = time.GetElapsedTime(reported) >= ReportEvery;
            if (report) reported = time.GetTimestamp();
            bool idle;
            // Sent when the lock is free again, as at the hub.
            List<byte[]> due = [];
            lock (_lock)
            {
                idle = _streams.Count == 0;
                Review(report, due);
            }
            foreach (byte[] feedback in due) datagrams.TrySend(feedback);
            await Task.Delay(idle ? IdleBeat : Beat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Review(bool report, List<byte[]> due)
    {
        foreach (IncomingVideo stream in _streams.Values) _hop.NoteTail(stream.Assembly.TailMissing);
        if (report)
            foreach (IncomingVideo stream in _streams.Values) TellHold(stream);
        if (report) _hop.Decode = Decode();
        Ask(report, payload =>
        {
            due.Add(payload.ToArray());
            return true;
        });
        foreach (IncomingVideo stream in _streams.Values) stream.Assembly.Review();
    }

    private TimeSpan Decode()
    {
        if (_slowAt != 0 && time.GetElapsedTime(_slowAt) < IncomingVideo.Window) return TooSlow;
        return TimeSpan.FromMilliseconds(_streams.Values.Select(s => s.Decode).DefaultIfEmpty().Max());
    }

    private void Ask(bool report, DatagramSender send) => _hop.Review(report, _datagrams?.RoundTrip ?? TimeSpan.Zero, send);

    private void Watch(List<View> views)
    {
        if (views.Count > 0) Ask(new Watch(views));
    }

    private void Open(VideoStarted started)
    {
        IncomingVideo? stream = null;
        var assembly = new FrameAssembly(_budget, Show, layer => AskKeyFrame(stream!, layer), before => _hop.Gaps.MayCome(before));
        _streams[started.Stream] = stream = new IncomingVideo(started, assembly, new LipSync(time, mix));

        void Show(in VideoHeader header, ReadOnlySpan<byte> bytes)
        {
            stream!.Size = (header.Width, header.Height);
            stream.Lips.Note(header.Timestamp);
            bool keyFrameNeeded = false;
            if (!FrameStart.Fits(header, bytes)) stream.Broken++;
            else if (!_screens.Show(header, bytes, out keyFrameNeeded)) Skip(stream);
            if (keyFrameNeeded) AskKeyFrame(stream!, header.Layer);
        }
    }

    private void Skip(IncomingVideo stream)
    {
        stream.Skipped++;
        _slowAt = time.GetTimestamp();
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

    private VideoStreams Known() => new([.. _streams.Values.Select(s => s.Info)]);
}
