namespace LanCollab.Plugins.Media.Audio;

/// <summary>The one format of sound between all parts: 48 kHz, mono, frames of 20 ms, float samples from -1 to 1.</summary>
internal static class AudioFormat
{
    /// <summary>Samples a second; also the unit of timestamps.</summary>
    public const int SampleRate = 48_000;

    /// <summary>Samples of a frame.</summary>
    public const int FrameSize = 960;

    /// <summary>Milliseconds of a frame.</summary>
    public const int FrameMilliseconds = 20;

    /// <summary>The length of a frame.</summary>
    public static readonly TimeSpan FrameDuration = TimeSpan.FromMilliseconds(FrameMilliseconds);
}
