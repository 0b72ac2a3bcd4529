using LanCollab.Contracts;
using LanCollab.Plugins.Media.Timing;
using LanCollab.Plugins.Media.Video;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Mix;
using LanCollab.Plugins.Media.Audio.Sources;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>Sound, the daemon's half: what the page may ask, and the hub's events on their way to the page.</summary>
internal sealed class AudioClient(ILogger log, TimeProvider time, OwnClocks clocks, Func<IReadOnlyList<VideoStats>> pictures) : IMediaClientPart
{
    private const double MostShifted = 1.5 * AudioFormat.FrameMilliseconds;
    private static readonly People Nobody = new([]);

    // Free once the configured sources are open: what a page asks for comes after them.
    private readonly SemaphoreSlim _changes = new(0, 1);
    private IBridge _bridge = null!;
    private ServiceLink _link = null!;
    private IClientDatagrams _datagrams = null!;
    private Transport _transport = null!;
    private VolumeStore _volumes = null!;
    private SourceOpener _sources = null!;
    private volatile SoundQuality _quality = new();
    private volatile bool _deaf;
    private volatile int _safety;
    private Receiver? _receiver;
    private Speaking? _speaking, _sharing;
    private Listening? _listening;
    private volatile People _people = Nobody;

    /// <inheritdoc />
    public void Start(IClientContext context, MediaOptions options, IBridge bridge, ServiceLink link)
    {
        (_bridge, _link) = (bridge, link);
        IOpusCodec codec = AudioPlatform.Codec();
        var microphone = new BrowserMicrophone();
        bridge.Lane("microphone", microphone.ReceiveAsync);
        var sound = new BrowserMicrophone();
        bridge.Lane("sound", sound.ReceiveAsync);
        ISystemSound system = AudioPlatform.SystemSound();
        IAudioDevices devices = AudioPlatform.Devices();
        _quality = new SoundQuality(options.Bitrate, options.FrameMs, options.Stereo);
        SourceOpener sources = _sources = new SourceOpener(devices, system, microphone, sound, bridge.Lane("speaker"), time, log) { Quality = _quality };
        Receiver receiver = _receiver = new Receiver(codec, options, time) { IsStereo = options.Stereo };
        _datagrams = context.OpenDatagrams(AudioServer.Service, datagram =>
        {
            // As on the hub: what waits in the socket is late.
            Urgency.Raise();
            receiver.Receive(datagram);
        });
        _transport = new Transport(_datagrams, link, time);
        _volumes = new VolumeStore(context.DataDirectory);
        _safety = options.Safety;
        Speaking speaking = _speaking = new Speaking(channels => Sender(channels), _quality.Bitrate, sources.Microphone, _transport.Send, log, time) { Clock = clocks.Voice };
        Speaking sharing = _sharing = new Speaking(channels => Sender(channels, shared: true), _quality.SharedRate, sources.Sound, _transport.Send, log, time);
        Listening listening = _listening = new Listening(receiver, sources, log, time) { Clock = clocks.Mix };
        speaking.Changed += () => _bridge.Publish(State);
        listening.Changed += () => _bridge.Publish(State);
        sharing.Changed += () => _bridge.Publish(State);
        bridge.On<SetAudio>(async (request, _, token) => await ChangeAsync(request, token).ConfigureAwait(false));
        bridge.On<GetDevices>(async (_, _, token) => List(devices) with { Sounds = await system.ListAsync(token).ConfigureAwait(false) });
        bridge.On<PushKey>((key, _, _) =>
        {
            speaking.Gate.IsKeyDown = key.Down;
            return ValueTask.FromResult<object?>(null);
        });
        bridge.On<SetVolume>((volume, _, _) => ValueTask.FromResult<object?>(Change(volume)));
        bridge.On<SitIn>(async (group, _, token) => { await link.Current.RequestAsync(group, token).ConfigureAwait(false); return null; });
        bridge.On<GetStats>(async (request, _, token) => await StatsAsync(request, token).ConfigureAwait(false));
        bridge.OnConnected(Show);
        context.Run("playing sound", listening.RunAsync);
        context.Run("capturing sound", speaking.RunAsync);
        context.Run("sharing sound", sharing.RunAsync);
        context.Run("opening microphone and speaker", token => OpenAsync(options, speaking, listening, token));
        context.Run("reporting on sound", ReportAsync);

        OpusSender Sender(int channels, bool shared = false) => new(codec.CreateEncoder(options.Bitrate, options.Complexity, channels), shared);
    }

    /// <inheritdoc />
    public void Configure(MessageChannel channel) => channel
        .On<People>(people =>
        {
            _people = people;
            _bridge.Publish(people);
            TryPost(Ears);
        })
        .On<Levels>(_bridge.Publish)
        .On<Together>(_bridge.Publish)
        .On<Uplink>(uplink =>
        {
            _speaking!.ExpectedLoss = uplink.Loss;
            _sharing!.ExpectedLoss = uplink.Loss;
            if (uplink.Early != 0) _sources.Shift.Ask(Math.Clamp(uplink.Early, -MostShifted, MostShifted));
            _bridge.Publish(uplink);
        })
        .OnBinary((packet, _) =>
        {
            _receiver!.Receive(packet.Span);
            return ValueTask.CompletedTask;
        });

    /// <inheritdoc />
    public async Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        _transport.Opened();
        await channel.SendAsync(Report, cancellationToken).ConfigureAwait(false);
        await channel.SendAsync(Ears, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Closed()
    {
        _people = Nobody;
        _bridge.Publish(Nobody);
        _bridge.Publish(new Levels([]));
    }

    private AudioState State
    {
        get
        {
            TalkGate gate = _speaking!.Gate;
            return new AudioState(_speaking.Source, _speaking.Muted, _listening!.Sink, _deaf, gate.Mode, gate.Threshold, gate.Hold, _safety, _transport.Name,
                _sharing!.Source, _quality.Bitrate, _quality.FrameMs, _quality.Stereo, _speaking.Problem ?? _listening.Problem ?? _sharing.Problem);
        }
    }

    private static Devices List(IAudioDevices devices)
    {
        try
        {
            (IReadOnlyList<Device> microphones, IReadOnlyList<Device> speakers) = devices.List();
            return new Devices(microphones, speakers, []);
        }
        catch (Exception e) when (e is UserErrorException or MissingLibraryException)
        {
            return new Devices([], [], []); // whoever asks for one by name is told why
        }
    }

    // Muted is what the others see: also a microphone from which nothing comes.
    private Report Report =>
        new(!_speaking!.IsOpen, _datagrams.RoundTrip?.TotalMilliseconds, Math.Round(_receiver!.Arrivals.Read().Loss, 3), _safety, _transport.IsTunnel);

    private Ears Ears
    {
        get
        {
            IReadOnlyDictionary<string, double> gains = _volumes.Gains;
            return new Ears(_people.Members.Where(p => gains.ContainsKey(p.Name)).ToDictionary(p => p.Id, p => (float)gains[p.Name], StringComparer.Ordinal), _deaf, _quality.Stereo);
        }
    }

    private void Show(IPage page)
    {
        page.Send(State);
        page.Send(_people);
        page.Send(new Volumes(_volumes.Gains));
    }

    private async Task OpenAsync(MediaOptions options, Speaking speaking, Listening listening, CancellationToken cancellationToken)
    {
        await Task.Yield(); // reading a long file must not hold up the start
        cancellationToken.ThrowIfCancellationRequested();
        speaking.Muted = options.Muted;
        Try(options.Microphone, speaking.Change, speaking.Fail);
        Try(options.Speaker, listening.Change, listening.Fail);
        _changes.Release();
        _bridge.Publish(State);
    }

    // What the configuration names may be missing today: the meeting goes on without it, and the page is told why.
    private static void Try(string source, Action<string> change, Action<string, string> fail)
    {
        try
        {
            change(source);
        }
        catch (Exception e) when (e is UserErrorException or MissingLibraryException)
        {
            fail(source, e.Message);
        }
    }

    private async Task<AudioState> ChangeAsync(SetAudio request, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            SoundQuality quality = _quality.With(request);
            _speaking!.Gate.Set(request.Mode, request.Threshold, request.Hold);
            if (quality != _quality) Take(quality);
            if (request.Safety is { } safety) Take(safety);
            if (request.Deaf is { } deaf) Hear(!deaf);
            if (request.Source is { } source) _speaking!.Change(source);
            if (request.Speaker is { } speaker) _listening!.Change(speaker);
            if (request.Sound is { } sound) _sharing!.Change(sound);
            if (request.Muted is { } muted) _speaking!.Muted = muted;
        }
        catch (MissingLibraryException e)
        {
            throw new UserErrorException("missing-library", e.Message);
        }
        finally
        {
            _changes.Release();
        }
        AudioState state = State;
        _bridge.Publish(state);
        return state;
    }

    // What is open is opened anew for frames of another shape, but for a recording, which would begin anew.
    private void Take(SoundQuality quality)
    {
        (SoundQuality before, _quality, _sources.Quality) = (_quality, quality, quality);
        (_speaking!.Bitrate, _sharing!.Bitrate) = (quality.Bitrate, quality.SharedRate);
        if (quality.VoiceShape != before.VoiceShape) _speaking.Change(_speaking.Source);
        if (quality.Stereo == before.Stereo) return;
        _sharing.Change(_sharing.Source);
        if (!_listening!.Sink.StartsWith("file:", StringComparison.Ordinal)) _listening.Change(_listening.Sink);
        _receiver!.IsStereo = quality.Stereo;
        TryPost(Ears);
    }

    private void Take(int safety)
    {
        if (safety is < 0 or > 100) throw new UserErrorException("out-of-range", $"The safety is {safety}; it may be 0 to 100.");
        _safety = safety;
        _receiver!.Safety = safety / 100.0;
        TryPost(Report);
    }

    private void Hear(bool hear)
    {
        _deaf = !hear;
        TryPost(Ears);
    }

    private Volumes Change(SetVolume volume)
    {
        _volumes.Set(volume.Name, volume.Gain);
        var volumes = new Volumes(_volumes.Gains);
        _bridge.Publish(volumes);
        TryPost(Ears);
        return volumes;
    }

    private async Task<Stats> StatsAsync(GetStats request, CancellationToken cancellationToken)
    {
        Stats stats = await _link.Current.RequestAsync<Stats>(request, cancellationToken).ConfigureAwait(false);
        (double jitter, double loss, int bitrate) = _receiver!.Arrivals.Read();
        var mix = new MixStats(Math.Round(jitter, 2), Math.Round(loss, 4), bitrate, (int)_receiver.Held);
        return stats with { Mix = mix, Video = pictures() };
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        bool? muted = null;
        try
        {
            for (int round = 0; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false); round++)
            {
                bool moved = _transport.Review();
                Report report = Report;
                if (moved) _bridge.Publish(State);
                if (!_link.IsOpen || (report.Muted == muted && !moved && round % 4 != 0)) continue;
                muted = report.Muted;
                TryPost(report);
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    private void TryPost(object message)
    {
        try
        {
            _link.Current.TryPost(message);
        }
        catch (UserErrorException)
        {
            // The channel has closed since; the next one begins with both.
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _speaking?.Dispose();
        _sharing?.Dispose();
        _listening?.Dispose();
        _receiver?.Dispose();
        _changes.Dispose();
        return ValueTask.CompletedTask;
    }
}
