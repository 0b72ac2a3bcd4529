namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>Records what is heard, silence included, so that time in the file is time in the room.</summary>
internal sealed class WavSpeaker(string path, int channels) : ISpeaker
{
    private readonly WavWriter _file = new(path, channels);

    /// <inheritdoc />
    public int Channels => channels;

    /// <inheritdoc />
    public void Play(ReadOnlySpan<float> frame, bool audible) => _file.Write(frame);

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
