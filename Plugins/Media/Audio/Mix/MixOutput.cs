using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>One mix on its way out: limiter, encoder, packets. Has a frame to work in, so that nothing is allocated.</summary>
internal sealed class MixOutput(IOpusEncoder encoder) : IDisposable
{
    /// <summary>So many frames of silence are still sent (0.5 s), since a pause between words is no end.</summary>
    public const int Hold = 25;

    private readonly OpusSender _sender = new(encoder);
    private readonly Limiter _limiter = new();
    private int _silent;

    /// <summary>The mix of this tick, 960 samples; <see cref="Packet"/> changes it.</summary>
    public float[] Frame { get; } = new float[AudioFormat.FrameSize];

    /// <summary>Encodes <see cref="Frame"/>.</summary>
    /// <param name="audible">False: there is nothing to hear, and the frame is not looked at.</param>
    /// <returns>What to send; empty when nothing is to be sent. Valid until the next call.</returns>
    public ReadOnlySpan<byte> Packet(bool audible)
    {
        if (audible)
        {
            _silent = 0;
            _limiter.Process(Frame);
            return _sender.Frame(Frame);
        }
        if (_sender.IsOpen && _silent++ < Hold)
        {
            Array.Clear(Frame);
            return _sender.Frame(Frame);
        }
        return Close();
    }

    /// <summary>What to send to one listener who leaves this mix while it goes on.</summary>
    public ReadOnlySpan<byte> Leave() => _sender.IsOpen ? _sender.Leave() : default;

    /// <summary>Ends the stream, if it is running.</summary>
    public ReadOnlySpan<byte> Close()
    {
        if (_sender.IsOpen) return _sender.End();
        _sender.Pause();
        return default;
    }

    /// <inheritdoc />
    public void Dispose() => _sender.Dispose();
}
