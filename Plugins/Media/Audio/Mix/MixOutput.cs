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

    /// <summary>True between the first packet of a spurt and its last.</summary>
    public bool IsOpen => _sender.IsOpen;

    /// <summary>The share of packets that its listeners lose, 0 to 1.</summary>
    public double ExpectedLoss { set => _sender.ExpectedLoss = value; }

    /// <summary>As <see cref="OpusSender.Corrects"/>.</summary>
    public bool Corrects { set => _sender.Corrects = value; }

    /// <summary>Encodes <see cref="Frame"/>.</summary>
    /// <param name="timestamp">The room's clock, in samples.</param>
    /// <param name="audible">False: there is nothing to hear, and the frame is not looked at.</param>
    /// <param name="last">Its listener goes over to another stream.</param>
    /// <returns>What to send; empty when nothing is to be sent. Valid until the next call.</returns>
    public ReadOnlySpan<byte> Packet(uint timestamp, bool audible, bool last = false)
    {
        if (!audible && !_sender.IsOpen) return default;
        _sender.Timestamp = timestamp;
        _silent = audible ? 0 : _silent + 1;
        if (!audible) Array.Clear(Frame);
        _limiter.Process(Frame);
        return _sender.Frame(Frame, last || _silent >= Hold);
    }

    /// <inheritdoc />
    public void Dispose() => _sender.Dispose();
}
