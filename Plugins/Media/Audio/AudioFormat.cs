namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The one format of sound between all parts: 48 kHz, float samples from -1 to 1, frames of 20 ms of one channel. Other shapes are options at the edges: <see cref="FrameShape"/>.
/// </summary>
internal static class AudioFormat
{
    /// <summary>Samples a second; also the unit of timestamps.</summary>
    public const int SampleRate = 48_000;

    /// <summary>Samples of a frame.</summary>
    public const int FrameSize = 960;

    /// <summary>Samples of a frame of 10 ms.</summary>
    public const int ShortFrameSize = 480;

    /// <summary>Samples of a millisecond.</summary>
    public const int SamplesPerMillisecond = SampleRate / 1000;

    /// <summary>Milliseconds of a frame.</summary>
    public const int FrameMilliseconds = 20;

    /// <summary>The length of a frame.</summary>
    public static readonly TimeSpan FrameDuration = TimeSpan.FromMilliseconds(FrameMilliseconds);
}
