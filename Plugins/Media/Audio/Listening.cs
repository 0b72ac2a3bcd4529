using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Mix;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Plugins.Media.Timing;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>The daemon's playback: takes a frame from the receiver each 20 ms and gives it to one speaker at a time.</summary>
internal sealed class Listening(Receiver receiver, SourceOpener sources, ILogger log, TimeProvider time) : IDisposable
{
    // Milliseconds by which one beat is moved: too little to be heard, a whole frame within a second.
    private const double MostLater = 1, MostEarlier = 0.5, Still = 0.5;

    private const int RetryBeats = 100; // 2 s

    private readonly Lock _gate = new();
    private readonly float[] _frame = new float[FrameShape.Stereo.Length];
    private ISpeaker? _speaker;
    private int _beats;
    private bool _closed;
    private Task _reopening = Task.CompletedTask;

    /// <summary>Called when the present sink has failed, and when it is back, without anybody having asked for that.</summary>
    public event Action? Changed;

    /// <summary>Told which sample of the mix goes to the speaker at each beat; for the pictures that belong to it.</summary>
    public PlayedClock? Clock { get; init; }

    /// <summary>The sink as it was asked for.</summary>
    public string Sink { get; private set; } = "none";

    /// <summary>Why nothing is heard; null when there is no reason.</summary>
    public string? Problem { get; private set; }

    /// <summary>Changes the speaker; exceptions as in <see cref="Speaking.Change"/>.</summary>
    public void Change(string sink)
    {
        ISpeaker? speaker = sources.Speaker(sink);
        lock (_gate)
        {
            _speaker?.Dispose();
            (Sink, Problem, _speaker) = (sink, null, speaker);
        }
        MediaLog.Speaker(log, sink);
    }

    /// <summary>Says why there is no speaker. A device is tried again until it is there.</summary>
    public void Fail(string sink, string problem)
    {
        lock (_gate)
        {
            _speaker?.Dispose();
            (Sink, Problem, _speaker) = (sink, problem, null);
        }
        MediaLog.NoSound(log, sink, problem);
    }

    /// <summary>Plays until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var clock = new MixClock(time) { Shift = () => TimeSpan.FromMilliseconds(ShiftFor(receiver.Excess ?? 0)) };
        return clock.RunAsync(Beat, cancellationToken);
    }

    private void Beat()
    {
        Play();
        if (++_beats % RetryBeats == 0 && _reopening.IsCompleted && Problem is not null && Speaking.IsDevice(Sink)) _reopening = Task.Run(Reopen);
    }

    // The hub's packets come at some point between two beats: the beats move to just after it, instead of holding them back until the next one.
    private static double ShiftFor(double excess) => excess is < -Still or > Still ? Math.Clamp(-excess / 10, -MostEarlier, MostLater) : 0;

    private void Play()
    {
        string? broken = null;
        lock (_gate)
        {
            if (_speaker is null) return;
            Span<float> frame = _frame.AsSpan(0, _speaker.Channels * AudioFormat.FrameSize);
            bool audible = receiver.Next(frame);
            if (receiver.Following is { } following) Clock?.Note(following - AudioFormat.FrameSize);
            try
            {
                _speaker.Play(frame, audible);
            }
            catch (IOException e)
            {
                broken = e.Message; // a full disk, for a recording
            }
        }
        if (broken is null) return;
        Fail(Sink, broken);
        Changed?.Invoke();
    }

    // Beside the beat, since opening a sound card takes its time.
    private void Reopen()
    {
        string sink = Sink;
        ISpeaker? speaker;
        try
        {
            speaker = sources.Speaker(sink);
        }
        catch (Exception e) when (e is UserErrorException or MissingLibraryException)
        {
            return; // not yet
        }
        lock (_gate)
        {
            bool wanted = !_closed && Sink == sink && Problem is not null;
            if (!wanted)
            {
                speaker?.Dispose();
                return;
            }
            (Problem, _speaker) = (null, speaker);
        }
        MediaLog.Speaker(log, sink);
        Changed?.Invoke();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _speaker?.Dispose();
            _speaker = null;
        }
    }
}
