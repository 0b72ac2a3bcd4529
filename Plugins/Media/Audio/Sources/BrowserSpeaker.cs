using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>The pages play: frames of 960 samples or pairs, PCM16 little-endian, on a lane, none while there is silence.</summary>
internal sealed class BrowserSpeaker(IBinaryLane lane, int channels) : ISpeaker
{
    // What is published must not change while it waits in a page's queue: a second of buffers in turn, where older sound is of no use anyway.
    private readonly byte[][] _frames = [.. Enumerable.Range(0, 64).Select(_ => new byte[channels * AudioFormat.FrameSize * sizeof(short)])];
    private int _turn;

    /// <inheritdoc />
    public int Channels => channels;

    /// <inheritdoc />
    public void Play(ReadOnlySpan<float> frame, bool audible)
    {
        if (!audible) return;
        byte[] pcm = _frames[_turn++ % _frames.Length];
        Samples.ToPcm16(frame, pcm);
        lane.Publish(pcm);
    }

    /// <inheritdoc />
    public void Dispose() { }
}
