using LanCollab.Plugins.Media.Audio.Mix;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>Plays a WAV file over and over as if somebody spoke it.</summary>
/// <param name="samples">The file; two channels by turns, if the shape has two.</param>
/// <param name="shape">Its frames.</param>
/// <param name="time">Sets the pace.</param>
/// <param name="began">Told when its first sample is spoken, as a timestamp of <paramref name="time"/>.</param>
internal sealed class WavMicrophone(short[] samples, FrameShape shape, TimeProvider time, Action<long> began) : IMicrophone
{
    private readonly float[] _frame = new float[shape.Length];
    private readonly float[] _spoken = new float[(shape.Samples + FrameShift.Most) * shape.Channels];
    private int _at;
    private int _more; // samples that the next frame takes beyond its own

    /// <inheritdoc />
    public FrameShift? Shift { private get; set; }

    /// <inheritdoc />
    public async Task RunAsync(FrameHandler handler, CancellationToken cancellationToken)
    {
        var clock = new MixClock(time, shape.Samples) { Begins = () => began(time.GetTimestamp()), Shift = Plan };
        await clock.RunAsync(() => Speak(handler), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    // A frame that takes more ends later: each sample is spoken when its time has come, wherever frames end.
    private TimeSpan Plan()
    {
        _more = Shift?.Next() ?? 0;
        return TimeSpan.FromSeconds((double)_more / AudioFormat.SampleRate);
    }

    private void Speak(FrameHandler handler)
    {
        Span<float> spoken = _spoken.AsSpan(0, (shape.Samples + _more) * shape.Channels);
        _more = 0; // of several frames that are made up for at once only the first
        Fill(spoken);
        if (Shift is null) handler(spoken);
        else
        {
            Shift.Fit(spoken, _frame, shape.Channels);
            handler(_frame);
        }
    }

    private void Fill(Span<float> spoken)
    {
        for (int i = 0; i < spoken.Length; i++)
        {
            spoken[i] = samples[_at] / 32768f;
            if (++_at == samples.Length) _at = 0;
        }
    }
}
