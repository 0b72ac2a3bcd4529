using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Plugins.Media.Timing;

/// <summary>What a daemon's sound tells its pictures: the two meet in nothing else.</summary>
/// <param name="time">The local clock.</param>
internal sealed class OwnClocks(TimeProvider time)
{
    /// <summary>Samples of the own voice, as they come from the microphone.</summary>
    public ArrivalClock Voice { get; } = new(time, AudioFormat.SampleRate, TimeSpan.FromSeconds(1));

    /// <summary>The room's mix, as it goes to the speaker.</summary>
    public PlayedClock Mix { get; } = new(time);
}
