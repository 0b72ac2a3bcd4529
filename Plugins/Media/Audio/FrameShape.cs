namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// How much of what a frame at the edges holds, told by its length alone: 10 ms or 20 ms of one channel, or 20 ms of two whose samples take turns (left, right).
/// Short frames are for talk, two channels for music; nobody needs both, and 10 ms of two would be as long as 20 ms of one.
/// </summary>
/// <param name="Samples">Of each channel.</param>
/// <param name="Channels">1 or 2.</param>
internal readonly record struct FrameShape(int Samples, int Channels)
{
    /// <summary>20 ms of one channel.</summary>
    public static readonly FrameShape Mono = new(AudioFormat.FrameSize, 1);

    /// <summary>10 ms of one channel.</summary>
    public static readonly FrameShape Short = new(AudioFormat.ShortFrameSize, 1);

    /// <summary>20 ms of two channels.</summary>
    public static readonly FrameShape Stereo = new(AudioFormat.FrameSize, 2);

    /// <summary>Numbers in a frame.</summary>
    public int Length => Samples * Channels;

    /// <summary>Its time.</summary>
    public int Milliseconds => Samples / AudioFormat.SamplesPerMillisecond;

    /// <summary>The shape of a frame of that length; null: there is none.</summary>
    public static FrameShape? Of(int length) => length switch
    {
        AudioFormat.ShortFrameSize => Short,
        AudioFormat.FrameSize => Mono,
        2 * AudioFormat.FrameSize => Stereo,
        _ => null,
    };
}
