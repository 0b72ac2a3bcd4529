using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>Turns a source's text into a microphone or a speaker.</summary>
internal sealed class SourceOpener(
    IAudioDevices devices, ISystemSound system, BrowserMicrophone browserMicrophone, BrowserMicrophone browserSound, IBinaryLane browserSpeaker, TimeProvider time, ILogger log)
{
    /// <summary>How what is opened from now on captures and plays.</summary>
    public SoundQuality Quality { get; set; } = new();

    /// <summary>Moves the frames of the microphone.</summary>
    public FrameShift Shift { get; } = new();

    /// <summary>Opens a microphone; null for <c>none</c>.</summary>
    /// <exception cref="UserErrorException"><c>bad-source</c>, <c>bad-wav</c>, <c>no-device</c>.</exception>
    /// <exception cref="MissingLibraryException">For <c>device</c>.</exception>
    public IMicrophone? Microphone(string source)
    {
        IMicrophone? microphone = Open(source);
        Shift.Ask(0); // what was asked was for the one before
        microphone?.Shift = Shift;
        return microphone;
    }

    private IMicrophone? Open(string source) => SourceSpec.Parse(source) switch
    {
        { Kind: SourceKind.File } file => Play(file.Target, Quality.VoiceShape, at => MediaLog.Began(log, file.Target, (long)(at * 1e6 / time.TimestampFrequency))),
        { Kind: SourceKind.Device } device => devices.OpenMicrophone(device.Target, Quality.VoiceShape),
        { Kind: SourceKind.Browser } => browserMicrophone,
        _ => null,
    };

    /// <summary>Opens what is shared beside the voice, <c>device</c> being what this machine plays; as <see cref="Microphone"/>.</summary>
    public IMicrophone? Sound(string source) => SourceSpec.Parse(source) switch
    {
        { Kind: SourceKind.File } file => Play(file.Target, Quality.SharedShape, _ => { }),
        { Kind: SourceKind.Device } device => system.Open(device.Target, Quality.SharedShape),
        { Kind: SourceKind.Browser } => browserSound,
        _ => null,
    };

    /// <summary>Opens a speaker; as <see cref="Microphone"/>.</summary>
    public ISpeaker? Speaker(string sink) => SourceSpec.Parse(sink) switch
    {
        { Kind: SourceKind.File } file => Record(file.Target),
        { Kind: SourceKind.Device } device => devices.OpenSpeaker(device.Target, Quality.Channels),
        { Kind: SourceKind.Browser } => new BrowserSpeaker(browserSpeaker, Quality.Channels),
        _ => null,
    };

    private WavMicrophone Play(string path, FrameShape shape, Action<long> began)
    {
        (short[] samples, int channels) = WavReader.Read(path, shape.Channels);
        return new WavMicrophone(samples, channels < shape.Channels ? FrameShape.Mono : shape, time, began);
    }

    private WavSpeaker Record(string path)
    {
        try
        {
            return new WavSpeaker(path, Quality.Channels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserErrorException("bad-wav", $"The file {path} cannot be written: {e.Message.TrimEnd('.')}.");
        }
    }
}
