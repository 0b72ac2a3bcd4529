using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// One stream from datagrams to frames: playout buffer and decoder. Packets come from the receive loop, frames are taken by the clock;
/// the two may be different threads.
/// </summary>
internal sealed class PlayoutStream(IOpusDecoder decoder, int minTarget, int maxTarget) : IDisposable
{
    // The decoder rings out for some milliseconds: only after so many inaudible frames nothing is left of the sound before.
    private const int RingOut = 2;

    private readonly Lock _gate = new();
    private readonly PlayoutBuffer _buffer = new(minTarget, maxTarget);
    private readonly byte[] _opus = new byte[AudioPacket.MaxOpus];
    private int _inaudible;

    /// <summary>Packets that claimed to be Opus and were not.</summary>
    public long Corrupt { get; private set; }

    /// <summary>The level of the frame given last.</summary>
    public byte Level { get; private set; } = AudioLevel.Silence;

    /// <summary>What is held back at the moment.</summary>
    public TimeSpan Delay { get { lock (_gate) return _buffer.Depth * AudioFormat.FrameDuration; } }

    /// <summary>Late, duplicate and made-up frames so far.</summary>
    public (long Late, long Duplicates, long Concealed) Counters { get { lock (_gate) return (_buffer.Late, _buffer.Duplicates, _buffer.Concealed); } }

    /// <summary>Takes a packet in.</summary>
    public Arrival Push(in AudioPacket packet, ReadOnlySpan<byte> opus)
    {
        lock (_gate) return _buffer.Push(packet, opus);
    }

    /// <summary>Gives the next 20 ms. Allocates nothing.</summary>
    /// <param name="frame">960 samples; untouched when there is nothing to hear.</param>
    /// <returns>True when there is something to hear.</returns>
    public bool Next(Span<float> frame)
    {
        Playout playout;
        int length;
        bool restarted;
        lock (_gate)
        {
            restarted = _buffer.TakeRestart();
            playout = _buffer.Take(_opus, out length);
            Level = _buffer.Level;
        }
        if (restarted) decoder.Reset();
        return playout != Playout.Silence && IsAudible(playout) && Decode(playout, _opus.AsSpan(0, length), frame);
    }

    private bool IsAudible(Playout playout)
    {
        _inaudible = Level < AudioLevel.Inaudible ? 0 : playout == Playout.Frame ? _inaudible + 1 : _inaudible;
        return _inaudible <= RingOut;
    }

    private bool Decode(Playout playout, ReadOnlySpan<byte> opus, Span<float> frame)
    {
        if (playout == Playout.Recover) decoder.Recover(opus, frame);
        else if (playout == Playout.Conceal) decoder.Conceal(frame);
        else if (!decoder.Decode(opus, frame)) Corrupt++;
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => decoder.Dispose();
}
