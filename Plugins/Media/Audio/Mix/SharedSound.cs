using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// What somebody shares beside their voice, such as the sound of a film: a stream of its own. It is always heard, whoever is louder and whether they are muted themselves,
/// and takes nobody's place among the loudest. <see cref="Receive"/> is for the receive loop, the rest for the mixer.
/// </summary>
internal sealed class SharedSound(IOpusCodec codec, MediaOptions options, TimeProvider time) : IDisposable
{
    private readonly PlayoutStream _incoming = new(codec, options, 1, time) { Safety = options.Safety / 100.0 };

    /// <summary>This tick's 20 ms, meaningful while <see cref="IsHeard"/>.</summary>
    public Sound Sound { get; } = new();

    /// <summary>True when there is something to hear in this tick.</summary>
    public bool IsHeard { get; private set; }

    /// <summary>Takes a packet.</summary>
    public void Receive(in AudioPacket packet, ReadOnlySpan<byte> opus, ReadOnlySpan<byte> copy) => _incoming.Push(packet, opus, copy);

    /// <summary>Moves on by 20 ms.</summary>
    /// <param name="silenced">Its owner may not be heard.</param>
    public void Advance(bool silenced)
    {
        bool audible = _incoming.Take();
        IsHeard = audible && !silenced;
        if (IsHeard) _incoming.Decode(Sound);
        else if (audible) _incoming.Skip();
    }

    /// <inheritdoc />
    public void Dispose() => _incoming.Dispose();
}
