using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Sources;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>The operating system's codec and devices. The ones for Windows are compiled there only: see Media.csproj.</summary>
internal static class AudioPlatform
{
#if WINDOWS_SOUND
    public static IOpusCodec Codec() => new Windows.ConcentusCodec();

    public static IAudioDevices Devices() => new Windows.WasapiDevices();

    public static ISystemSound SystemSound() => new Windows.WasapiDevices();
#else
    /// <summary>Opus.</summary>
    /// <exception cref="Contracts.MissingLibraryException">libopus is not installed.</exception>
    public static IOpusCodec Codec() => new LibOpus();

    /// <summary>Sound cards.</summary>
    public static IAudioDevices Devices() => new PortAudioDevices();

    /// <summary>What this machine plays.</summary>
    public static ISystemSound SystemSound() => new PulseSound();
#endif
}
