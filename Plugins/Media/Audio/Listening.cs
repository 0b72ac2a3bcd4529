using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Sources;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>The daemon's playback: takes a frame from the receiver each 20 ms and gives it to one speaker at a time.</summary>
internal sealed class Listening(Receiver receiver, SourceOpener sources, ILogger log, TimeProvider time) : IDisposable
{
    // Milliseconds by which one beat is moved: too little to be heard, a whole frame within a second.
    private const double MostLater = 1, MostEarlier = 0.5, Still = 0.5;

    private readonly Lock _gate = new();
    private readonly float[] _frame = new float[AudioFormat.FrameSize];
    private ISpeaker? _speaker;

    /// <summary>Called when the present sink has failed for a reason that nobody asked for.</summary>
    public event Action? Failed;

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

    /// <summary>Says why there is no speaker.</summary>
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
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var clock = new FrameClock(time);
        try
        {
            while (true)
            {
                for (int due = await clock.WaitAsync(cancellationToken).ConfigureAwait(false); due > 0; due--) Play();
                clock.Shift(TimeSpan.FromMilliseconds(ShiftFor(receiver.Excess ?? 0)));
            }
        }
        catch (OperationCanceledException)
        {
            // The program stops.
        }
    }

    // The hub's packets come at some point between two beats: the beats move to just after it, instead of holding them back until the next one.
    private static double ShiftFor(double excess) => excess is < -Still or > Still ? Math.Clamp(-excess / 10, -MostEarlier, MostLater) : 0;

    private void Play()
    {
        string? broken = null;
        lock (_gate)
        {
            if (_speaker is null) return;
            bool audible = receiver.Next(_frame);
            try
            {
                _speaker.Play(_frame, audible);
            }
            catch (IOException e)
            {
                broken = e.Message; // a full disk, for a recording
            }
        }
        if (broken is null) return;
        Fail(Sink, broken);
        Failed?.Invoke();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _speaker?.Dispose();
            _speaker = null;
        }
    }
}
