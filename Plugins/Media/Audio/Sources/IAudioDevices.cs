using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>Receives a captured frame of a <see cref="FrameShape"/>, told by its length; valid during the call only. Calls never overlap.</summary>
internal delegate void FrameHandler(ReadOnlySpan<float> frame);

/// <summary>Where sound is captured.</summary>
internal interface IMicrophone
{
    /// <summary>Asked before each frame by how much its end is to be moved; set before it runs. Who cannot move them leaves it out.</summary>
    FrameShift? Shift { set { } }

    /// <summary>Delivers frames at their pace until cancelled; gives back what it holds then, also when it was cancelled before.</summary>
    /// <exception cref="UserErrorException"><c>no-device</c>: it is gone.</exception>
    Task RunAsync(FrameHandler handler, CancellationToken cancellationToken);
}

/// <summary>Where sound is played. Called each 20 ms by one thread; must not block. Throws <see cref="IOException"/>, with a sentence, when it is gone.</summary>
internal interface ISpeaker : IDisposable
{
    /// <summary>How many channels it takes, 1 or 2; does not change.</summary>
    int Channels { get; }

    /// <summary>Plays 20 ms, of sound or of silence.</summary>
    /// <param name="frame">960 samples for each channel, by turns; valid during the call.</param>
    /// <param name="audible">False: the frame is silent.</param>
    void Play(ReadOnlySpan<float> frame, bool audible);
}

/// <summary>The system's sound cards, behind one seam since each operating system has another library.</summary>
internal interface IAudioDevices
{
    /// <summary>What is plugged in now, as far as can be told while some of it is in use.</summary>
    /// <exception cref="MissingLibraryException">The system library is not installed.</exception>
    (IReadOnlyList<Device> Microphones, IReadOnlyList<Device> Speakers) List();

    /// <summary>Opens a microphone.</summary>
    /// <param name="which">An index, a part of the name, or empty for the default one.</param>
    /// <param name="shape">What frames are wanted; of one channel where the device has but one.</param>
    /// <exception cref="UserErrorException"><c>no-device</c>.</exception>
    /// <exception cref="MissingLibraryException">The system library is not installed.</exception>
    IMicrophone OpenMicrophone(string which, FrameShape shape);

    /// <summary>Opens a speaker of one or two channels; as <see cref="OpenMicrophone"/>.</summary>
    ISpeaker OpenSpeaker(string which, int channels);
}
