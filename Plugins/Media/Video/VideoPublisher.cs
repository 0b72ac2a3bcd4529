using LanCollab.Contracts;
using LanCollab.Plugins.Media.Timing;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The own camera: opens the source that is asked for, announces it to the hub whenever there is a channel to it, and sends its frames.
/// </summary>
/// <param name="changed">Called with each new state, for the pages.</param>
/// <param name="preview">Called with each picture of the daemon's own camera, small, for the pages.</param>
/// <param name="voice">When which sample of the own voice is captured.</param>
internal sealed class VideoPublisher(
    ILogger log, TimeProvider time, MediaOptions options, VideoSender sender, Action<VideoState> changed, FrameReady preview,
    ArrivalClock voice) : IAsyncDisposable
{
    private static readonly SourceSpec Off = new(SourceKind.None);
    private static readonly VideoOn Vp8 = new(VideoCodec.Vp8, 640, 360, [VideoLayer.Large, VideoLayer.Small]);
    private static readonly VideoOn Jpeg = Vp8 with { Codec = VideoCodec.Jpeg };

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private const int LooksPerSync = 5;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrivalClock _pictures = new(time, LipSync.Rate, TimeSpan.FromSeconds(1));
    private volatile string? _problem;
    private volatile Source? _source;
    private volatile Announced? _announced;
    private volatile MessageChannel? _channel;
    private volatile VideoWanted? _wanted;

    /// <summary>What the pages are told.</summary>
    public VideoState State => new(
        (_source?.Spec ?? Off).ToString(), options.Camera, Stream, _channel?.Channel.Peer?.Id, _problem);

    private uint Stream => _announced is { IsOver: false } announced ? announced.Stream : 0;

    /// <summary>Takes another source; <c>none</c> turns the camera off. Returns when it is announced, if there is a hub to announce it to.</summary>
    /// <param name="spec">Where the picture comes from.</param>
    /// <param name="page">The page that asked; with <c>browser</c> the one that will send.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="UserErrorException">The source cannot be used; the camera is then off.</exception>
    /// <param name="layers">What that page can encode; null: large and small.</param>
    public Task SetAsync(SourceSpec spec, IPage? page, CancellationToken cancellationToken, IReadOnlyList<VideoLayer>? layers = null) => InTurnAsync(async () =>
    {
        IPage? before = _source?.Page;
        await CloseSourceAsync().ConfigureAwait(false);
        _problem = null;
        // What everybody is told below does not say which page has the camera: the one that has lost it must let go of it.
        if (before is not null && before != page) before.Send(State);
        _source = Open(spec, page, layers);
        VideoLog.Source(log, State.Source);
        if (_channel is { } channel) await AnnounceAsync(channel, cancellationToken).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>There is a new channel to the hub: it knows nothing of the camera yet.</summary>
    public async Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        _channel = channel;
        await InTurnAsync(
            () => _announced?.Channel != channel ? AnnounceAsync(channel, cancellationToken) : Task.CompletedTask, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The channel to the hub has gone; the source stays open for the next one.</summary>
    public void Closed()
    {
        _channel = null;
        changed(State);
    }

    /// <summary>The page sends a frame of its camera, coded and behind a header.</summary>
    public async ValueTask SendAsync(IPage page, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!VideoHeader.TryReadFrame(message.Span, out VideoHeader header) || header.Codec != VideoCodec.Vp8)
            throw new UserErrorException("bad-frame", "The lane media.camera takes VP8 frames behind a video header.");
        if (_source?.Page != page || Stream is not (not 0 and var stream)) return;
        _pictures.Note(header.Timestamp);
        await sender.SendAsync(header with { Stream = stream }, message[VideoHeader.Bytes..], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Tells the hub, until the token ends: each second, while there are both, which picture and which sample of the voice are of the same moment; and what the link takes, when that changes.
    /// </summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        for (int look = 0; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false); look++)
        {
            if (_announced is not { IsOver: false } announced) continue;
            if (look % LooksPerSync == 0) TellSync(announced);
            TellUplink(announced);
        }
    }

    private void TellSync(Announced announced)
    {
        if (_pictures.Present is { } video && voice.Present is { } audio) announced.Channel.TryPost(new SyncSent(announced.Stream, video, audio));
    }

    private void TellUplink(Announced announced)
    {
        int? bits = double.IsInfinity(sender.Link.Bits) ? null : (int)sender.Link.Bits;
        if (UplinkPlan.IsAlike(bits, announced.Uplink) || !announced.Channel.TryPost(new VideoUplink(announced.Stream, bits))) return;
        announced.Uplink = bits;
    }

    /// <summary>The hub asks for a key frame: the page's encoder makes it. JPEG has no others.</summary>
    public void AskKeyFrame(VideoKeyFrame request) => _source?.Page?.Send(request);

    /// <summary>The hub tells what anybody displays: nothing else is encoded.</summary>
    public void Want(VideoWanted wanted)
    {
        _wanted = wanted;
        _source?.Page?.Send(wanted);
    }

    /// <summary>A page has gone, and its camera with it.</summary>
    public Task PageGoneAsync(IPage page, CancellationToken cancellationToken) => _source?.Page != page
        ? Task.CompletedTask
        : InTurnAsync(() => _source?.Page == page ? CloseSourceAsync() : Task.CompletedTask, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await CloseSourceAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private async Task InTurnAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await change().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
            changed(State);
        }
    }

    private Source? Open(SourceSpec spec, IPage? page, IReadOnlyList<VideoLayer>? layers)
    {
        try
        {
            return spec.Kind switch
            {
                SourceKind.None => null,
                SourceKind.Browser => new Source(spec, page ?? throw new UserErrorException("no-page", "A browser's camera needs a page."), null, Announcement(layers)),
                _ => new Source(spec, null, CaptureCamera.Open(spec, options), Jpeg),
            };
        }
        catch (UserErrorException e)
        {
            VideoLog.SourceFailed(log, spec.ToString(), e.Message);
            _problem = e.Message;
            throw;
        }
    }

    private async Task AnnounceAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        await StopAsync().ConfigureAwait(false);
        if (_source is not { } source) return;
        try
        {
            VideoGranted granted = await channel.RequestAsync<VideoGranted>(source.Announcement, cancellationToken).ConfigureAwait(false);
            Start(source, new Announced(channel, granted.Stream));
        }
        catch (UserErrorException e)
        {
            // Nearly always a lost connection: the next one announces it again.
            VideoLog.Refused(log, e.Code, e.Message);
        }
    }

    private void Start(Source source, Announced announced)
    {
        _pictures.Reset();
        _announced = announced;
        if (source.Camera is { } camera) announced.Running = Task.Run(() => RunAsync(source, camera, announced));
    }

    private async Task RunAsync(Source source, CaptureCamera camera, Announced announced)
    {
        try
        {
            long start = time.GetTimestamp();
            camera.Wanted = () => _wanted is { } wanted && wanted.Stream == announced.Stream ? wanted : null;
            await camera.RunAsync((frame, token) => ShowAsync(frame, announced.Stream, start, token), time, announced.Ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (announced.Ended.IsCancellationRequested)
        {
            // The channel has gone, or the camera was turned off.
        }
        catch (UserErrorException e)
        {
            Fail(source, camera, announced, e.Message);
        }
        catch (Exception e)
        {
            // The decoder's own complaints: without this the next change of source would wait for them and fail, too.
            Fail(source, camera, announced, $"The camera {source.Spec} failed: {e.Message.TrimEnd('.')}.");
        }
    }

    private void Fail(Source source, CaptureCamera camera, Announced announced, string reason)
    {
        VideoLog.SourceFailed(log, source.Spec.ToString(), reason);
        _source = null;
        camera.Dispose();
        _problem = reason;
        announced.Channel.TryPost(new VideoOff());
        announced.End();
        changed(State);
    }

    private async ValueTask ShowAsync(CapturedFrame frame, uint stream, long start, CancellationToken cancellationToken)
    {
        uint timestamp = (uint)(ulong)(time.GetElapsedTime(start).TotalSeconds * 90_000);
        VideoHeader Header(JpegPicture picture, VideoLayer layer) => new(
            VideoCodec.Jpeg, layer, Key: true, stream, frame.Number, timestamp, 0, 1, (ushort)picture.Width, (ushort)picture.Height);
        _pictures.Note(timestamp);
        preview(Header(frame.Small, VideoLayer.Small), frame.Small.Bytes);
        if (frame.Large is { } large) await sender.SendAsync(Header(large, VideoLayer.Large), large.Bytes, cancellationToken).ConfigureAwait(false);
        if (frame.SendsSmall) await sender.SendAsync(Header(frame.Small, VideoLayer.Small), frame.Small.Bytes, cancellationToken).ConfigureAwait(false);
    }

    private async Task CloseSourceAsync()
    {
        MessageChannel? channel = _announced?.Channel;
        await StopAsync().ConfigureAwait(false);
        if (_source is not { } source) return;
        _source = null;
        source.Camera?.Dispose();
        channel?.TryPost(new VideoOff());
    }

    private async Task StopAsync()
    {
        if (_announced is not { } announced) return;
        announced.End();
        await announced.Running.ConfigureAwait(false);
        _announced = null;
        announced.Dispose();
    }

    private static VideoOn Announcement(IReadOnlyList<VideoLayer>? layers) =>
        layers is null ? Vp8 : layers.Contains(VideoLayer.Hd) ? Vp8 with { Width = 1280, Height = 720, Layers = layers } : Vp8 with { Layers = layers };

    private sealed record Source(SourceSpec Spec, IPage? Page, CaptureCamera? Camera, VideoOn Announcement);

    /// <summary>A stream the hub knows of, for as long as that channel lasts.</summary>
    private sealed class Announced : IDisposable
    {
        private readonly CancellationTokenSource _end;

        public Announced(MessageChannel channel, uint stream)
        {
            (Channel, Stream) = (channel, stream);
            _end = CancellationTokenSource.CreateLinkedTokenSource(channel.Channel.Closed);
            Ended = _end.Token;
        }

        public MessageChannel Channel { get; }
        public uint Stream { get; }
        public Task Running { get; set; } = Task.CompletedTask;
        public int? Uplink { get; set; } // what the hub was told of the link
        public CancellationToken Ended { get; }
        public bool IsOver => Ended.IsCancellationRequested;

        public void End() => _end.Cancel();

        public void Dispose() => _end.Dispose();
    }
}
