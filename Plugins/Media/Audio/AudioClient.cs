using LanCollab.Contracts;
using LanCollab.Plugins.Media.Video;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Sources;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>Sound, the daemon's half: what the page may ask, and the hub's events on their way to the page.</summary>
internal sealed class AudioClient(ILogger log, TimeProvider time, Func<IReadOnlyList<VideoStats>> pictures) : IMediaClientPart
{
    private static readonly People Nobody = new([]);

    // Free once the configured sources are open: what a page asks for comes after them.
    private readonly SemaphoreSlim _changes = new(0, 1);
    private IBridge _bridge = null!;
    private ServiceLink _link = null!;
    private IClientDatagrams _datagrams = null!;
    private Receiver? _receiver;
    private Speaking? _speaking;
    private Listening? _listening;
    private volatile People _people = Nobody;

    /// <inheritdoc />
    public void Start(IClientContext context, MediaOptions options, IBridge bridge, ServiceLink link)
    {
        (_bridge, _link) = (bridge, link);
        var codec = new LibOpus();
        var microphone = new BrowserMicrophone();
        bridge.Lane("microphone", microphone.ReceiveAsync);
        var sources = new SourceOpener(new PortAudioDevices(), microphone, new BrowserSpeaker(bridge.Lane("speaker")), time);
        Receiver receiver = _receiver = new Receiver(codec, options, time);
        _datagrams = context.OpenDatagrams(AudioServer.Service, receiver.Receive);
        Speaking speaking = _speaking = new Speaking(new OpusSender(codec.CreateEncoder(options.Bitrate, options.Complexity)), sources, Send, log, time);
        Listening listening = _listening = new Listening(receiver, sources, log, time);
        speaking.Failed += () => _bridge.Publish(State);
        listening.Failed += () => _bridge.Publish(State);
        bridge.On<SetAudio>(async (request, _, token) => await ChangeAsync(request, token).ConfigureAwait(false));
        bridge.On<GetStats>(async (request, _, token) => await StatsAsync(request, token).ConfigureAwait(false));
        bridge.OnConnected(Show);
        context.Run("playing sound", listening.RunAsync);
        context.Run("capturing sound", speaking.RunAsync);
        context.Run("opening microphone and speaker", token => OpenAsync(options, speaking, listening, token));
        context.Run("reporting on sound", ReportAsync);
    }

    /// <inheritdoc />
    public void Configure(MessageChannel channel) => channel
        .On<People>(people =>
        {
            _people = people;
            _bridge.Publish(people);
        })
        .On<Levels>(_bridge.Publish);

    /// <inheritdoc />
    public Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken) => channel.SendAsync(Report, cancellationToken).AsTask();

    /// <inheritdoc />
    public void Closed()
    {
        _people = Nobody;
        _bridge.Publish(Nobody);
        _bridge.Publish(new Levels([]));
    }

    private bool Send(ReadOnlySpan<byte> packet) => _link.IsOpen && _datagrams.TrySend(packet);

    private AudioState State => new(_speaking!.Source, _speaking.Muted, _listening!.Sink, _speaking.Problem ?? _listening.Problem);

    // Muted is what the others see: also a microphone from which nothing comes.
    private Report Report => new(!_speaking!.IsSending, _datagrams.RoundTrip?.TotalMilliseconds);

    private void Show(IPage page)
    {
        page.Send(State);
        page.Send(_people);
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
            if (request.Source is { } source) _speaking!.Change(source);
            if (request.Speaker is { } speaker) _listening!.Change(speaker);
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
                Report report = Report;
                if (!_link.IsOpen || (report.Muted == muted && round % 4 != 0)) continue;
                muted = report.Muted;
                TryPost(report);
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    private void TryPost(Report report)
    {
        try
        {
            _link.Current.TryPost(report);
        }
        catch (UserErrorException)
        {
            // The channel has closed since; the next one begins with a report.
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _speaking?.Dispose();
        _listening?.Dispose();
        _receiver?.Dispose();
        _changes.Dispose();
        return ValueTask.CompletedTask;
    }
}
