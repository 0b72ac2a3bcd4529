namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// A sound card's output. Its clock and ours differ: of what waits, more than <see cref="MaxFrames"/> frames drop the oldest, and where
/// there is nothing, silence is played.
/// </summary>
internal sealed class PortAudioSpeaker : ISpeaker
{
    private const int MaxFrames = 4;

    private readonly Lock _gate = new();
    private readonly float[] _waiting;
    private readonly int _length; // of a frame
    private int _first, _count;
    private volatile bool _closed, _gone;

    /// <param name="stream">An open, started stream; closed by the thread that writes to it.</param>
    /// <param name="channels">1 or 2.</param>
    public PortAudioSpeaker(nint stream, int channels)
    {
        (Channels, _length) = (channels, channels * AudioFormat.FrameSize);
        _waiting = new float[MaxFrames * _length];
        _ = Task.Factory.StartNew(() => Run(stream), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc />
    public int Channels { get; }

    /// <inheritdoc />
    public void Play(ReadOnlySpan<float> frame, bool audible)
    {
        if (_gone) throw new IOException("The speaker does not answer any more; it is tried again until it is back.");
        lock (_gate)
        {
            if (_count == MaxFrames) Drop();
            frame.CopyTo(Slot((_first + _count++) % MaxFrames));
        }
    }

    private void Run(nint stream)
    {
        var frame = new float[_length];
        try
        {
            while (!_closed)
            {
                if (!TryTake(frame)) Array.Clear(frame);
                int result = PortAudioNative.Write(stream, frame, AudioFormat.FrameSize);
                if (result < 0 && result != PortAudioNative.OutputUnderflowed) return;
            }
        }
        finally
        {
            _gone = true;
            PortAudioDevices.Close(stream);
        }
    }

    private bool TryTake(Span<float> frame)
    {
        lock (_gate)
        {
            if (_count == 0) return false;
            Slot(_first).CopyTo(frame);
            Drop();
            return true;
        }
    }

    private void Drop()
    {
        _first = (_first + 1) % MaxFrames;
        _count--;
    }

    private Span<float> Slot(int index) => _waiting.AsSpan(index * _length, _length);

    /// <inheritdoc />
    public void Dispose() => _closed = true;
}
