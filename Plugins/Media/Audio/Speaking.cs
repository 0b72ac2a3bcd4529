using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Plugins.Media.Timing;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>Sends a datagram; false when it cannot be sent now.</summary>
internal delegate bool DatagramSender(ReadOnlySpan<byte> payload);

/// <summary>The daemon's mouth: one source at a time, muted or not, to packets. There is one for the voice and one for what is shared beside it.</summary>
internal sealed class Speaking : IDisposable
{
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Func<int, OpusSender> _make;
    private readonly Correction _correction;
    private readonly Func<string, IMicrophone?> _open;
    private readonly DatagramSender _send;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private OpusSender _sender;
    private FrameShape _shape = FrameShape.Mono;
    private int _bitrate;
    private double _expectedLoss;
    private IMicrophone? _microphone;
    private CancellationTokenSource _change = new(); // one for each microphone, made together with it; without a timer there is nothing to dispose
    private volatile bool _muted;
    private long _lastCaptured;

    /// <param name="make">Makes a sender of so many channels.</param>
    /// <param name="bitrate">Its target, bits a second.</param>
    /// <param name="open">Opens a source.</param>
    /// <param name="send">The way to the hub.</param>
    /// <param name="log">Tells of sources.</param>
    /// <param name="time">For retries.</param>
    public Speaking(Func<int, OpusSender> make, int bitrate, Func<string, IMicrophone?> open, DatagramSender send, ILogger log, TimeProvider time)
    {
        (_make, _bitrate, _correction, _open, _send, _log, _time) = (make, bitrate, new Correction(time), open, send, log, time);
        _sender = make(_shape.Channels);
        Prepare();
    }

    /// <summary>Called when the present source has failed, and when it is back, without anybody having asked for that.</summary>
    public event Action? Changed;

    /// <summary>Told the timestamp behind each frame when it has been captured; for the pictures that belong to it.</summary>
    public ArrivalClock? Clock { get; init; }

    /// <summary>The source as it was asked for.</summary>
    public string Source { get; private set; } = "none";

    /// <summary>Why there is no sound from it; null when there is.</summary>
    public string? Problem { get; private set; }

    /// <summary>True: nothing is sent.</summary>
    public bool Muted
    {
        get => _muted;
        set
        {
            lock (_gate)
            {
                _muted = value;
                if (value && _sender.IsOpen) _send(_sender.End());
            }
        }
    }

    /// <summary>When sound is sent. Change it under no lock: each of its members is one word.</summary>
    public TalkGate Gate { get; } = new();

    /// <summary>The share of packets that gets lost on the way to the hub, 0 to 1.</summary>
    public double ExpectedLoss
    {
        set
        {
            lock (_gate)
            {
                _correction.Note(value);
                _expectedLoss = value;
                Prepare();
            }
        }
    }

    /// <summary>Target of the encoder, bits a second; from the next frame on.</summary>
    public int Bitrate
    {
        set
        {
            lock (_gate)
            {
                _bitrate = value;
                Prepare();
            }
        }
    }

    private void Prepare() => (_sender.Bitrate, _sender.ExpectedLoss, _sender.Corrects) = (_bitrate, _expectedLoss, _correction.IsOn);

    /// <summary>True when there is a microphone that is not muted: a frame has come from it within the last second.</summary>
    public bool IsOpen => !_muted && Volatile.Read(ref _lastCaptured) is > 0 and var last && _time.GetElapsedTime(last) < Recently;

    /// <summary>Changes the microphone.</summary>
    /// <exception cref="UserErrorException">It cannot be had; the one before stays.</exception>
    /// <exception cref="MissingLibraryException">The same, for want of a system library.</exception>
    public void Change(string source)
    {
        IMicrophone? microphone = _open(source);
        Replace(source, null, microphone);
        MediaLog.Microphone(_log, source, Muted);
    }

    /// <summary>Says why there is no microphone. A device is tried again until it is there.</summary>
    public void Fail(string source, string problem)
    {
        Replace(source, problem, null);
        MediaLog.NoSound(_log, source, problem);
    }

    private void Replace(string source, string? problem, IMicrophone? microphone)
    {
        CancellationTokenSource change;
        lock (_gate)
        {
            (Source, Problem, _microphone) = (source, problem, microphone);
            // In one step: the loop must never take the new microphone with the old one's end.
            (change, _change) = (_change, new CancellationTokenSource());
        }
        change.Cancel();
    }

    /// <summary>Captures until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            (IMicrophone? microphone, CancellationTokenSource change) = Next();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, change.Token);
            await CaptureAsync(microphone, either.Token).ConfigureAwait(false);
        }
    }

    private (IMicrophone?, CancellationTokenSource) Next()
    {
        lock (_gate)
        {
            IMicrophone? microphone = _microphone;
            _microphone = null;
            return (microphone, _change);
        }
    }

    private async Task CaptureAsync(IMicrophone? microphone, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (microphone is not null) await RunAsync(microphone, cancellationToken).ConfigureAwait(false);
                microphone = await ReopenAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Another source was chosen, or the program stops.
        }
    }

    private async Task RunAsync(IMicrophone microphone, CancellationToken cancellationToken)
    {
        try
        {
            await microphone.RunAsync(Take, cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            lock (_gate)
            {
                if (cancellationToken.IsCancellationRequested) return; // another one was chosen since
                Problem = e.Message;
            }
            MediaLog.NoSound(_log, Source, e.Message);
            Changed?.Invoke();
        }
    }

    // What was plugged out may be plugged in again.
    private async Task<IMicrophone> ReopenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Retry, _time, cancellationToken).ConfigureAwait(false);
            if (Problem is null || !IsDevice(Source)) continue;
            try
            {
                IMicrophone? microphone = _open(Source);
                lock (_gate)
                    if (!cancellationToken.IsCancellationRequested) Problem = null;
                MediaLog.Microphone(_log, Source, Muted);
                Changed?.Invoke();
                // One that is not wanted any more since gives itself back when it is run.
                if (microphone is not null) return microphone;
            }
            catch (Exception e) when (e is UserErrorException or MissingLibraryException)
            {
                // Not yet.
            }
        }
    }

    /// <summary>True for a source that may be plugged out and in.</summary>
    public static bool IsDevice(string source) => source.StartsWith("device", StringComparison.Ordinal);

    private void Take(ReadOnlySpan<float> frame)
    {
        Volatile.Write(ref _lastCaptured, _time.GetTimestamp());
        lock (_gate)
        {
            FrameShape shape = FrameShape.Of(frame.Length) ?? throw new ArgumentException($"no frame has {frame.Length} samples", nameof(frame));
            if (shape != _shape) Reshape(shape);
            bool talks = !_muted && Gate.Passes(AudioLevel.Of(frame), shape.Milliseconds);
            if (talks || _sender.IsOpen) _send(_sender.Frame(frame, last: !talks));
            else _sender.Pause(shape.Samples);
            Clock?.Note(_sender.Timestamp);
        }
    }

    // Frames of another shape are another stream.
    private void Reshape(FrameShape shape)
    {
        if (_sender.IsOpen) _send(_sender.End());
        _sender.Dispose();
        (_shape, _sender) = (shape, _make(shape.Channels));
        Prepare();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _change.Dispose();
        _sender.Dispose();
    }
}
