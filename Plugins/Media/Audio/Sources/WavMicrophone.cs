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
    private int _at;

    /// <inheritdoc />
    public async Task RunAsync(FrameHandler handler, CancellationToken cancellationToken)
    {
        var clock = new MixClock(time, shape.Samples) { Begins = () => began(time.GetTimestamp()) };
        await clock.RunAsync(() => Speak(handler), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Speak(FrameHandler handler)
    {
        Fill();
        handler(_frame);
    }

    private void Fill()
    {
        for (int i = 0; i < _frame.Length; i++)
        {
            _frame[i] = samples[_at] / 32768f;
            if (++_at == samples.Length) _at = 0;
        }
    }
}
