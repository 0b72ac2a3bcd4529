using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The daemon's ear: mixes come in, one frame goes out every 20 ms. The hub moves a listener from one mix to another while both go on for a
/// moment, on one clock: see <see cref="PlayoutStream"/>.
/// </summary>
internal sealed class Receiver(IOpusCodec codec, MediaOptions options, TimeProvider time) : IDisposable
{
    private const int Overlap = 2;
    private const int AloneAfter = 2; // packets of another stream in a row

    private readonly PlayoutStream _mix = new(codec, options, Overlap, time) { Safety = options.Safety / 100.0, Channels = 1 };
    private readonly Sound _sound = new();
    private uint _stream;
    private int _others = AloneAfter;

    /// <summary>How the mix arrives.</summary>
    public Arrivals Arrivals { get; } = new(time);

    /// <summary>Datagrams that were none of ours.</summary>
    public long Malformed { get; private set; }

    /// <summary>Late, duplicate and made-up frames so far.</summary>
    public (long Late, long Duplicates, long Concealed) Counters => _mix.Counters;

    /// <summary>As <see cref="PlayoutStream.Corrected"/>.</summary>
    public long Corrected => _mix.Corrected;

    /// <summary>As <see cref="PlayoutStream.Held"/>.</summary>
    public double Held => _mix.Held;

    /// <summary>As <see cref="PlayoutStream.Next"/>, of the mix.</summary>
    public uint? Following => _mix.Next;

    /// <summary>As <see cref="PlayoutStream.Excess"/>.</summary>
    public double? Excess => _mix.Excess;

    /// <summary>As <see cref="PlayoutDelay.Safety"/>.</summary>
    public double Safety { set => _mix.Safety = value; }

    /// <summary>True: streams that begin from now on are decoded in two channels, which the hub has to be asked for.</summary>
    public bool IsStereo { set => _mix.Channels = value ? 2 : 1; }

    /// <summary>Takes a datagram. For the receive loop.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!AudioPacket.TryRead(datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus, out ReadOnlySpan<byte> copy)) Malformed++;
        else if (_mix.Push(packet, opus, copy) != Arrival.Duplicate && IsCounted(packet)) Arrivals.Note(packet, datagram.Length);
    }

    /// <summary>Gives the next 20 ms. For the clock.</summary>
    /// <param name="frame">Gets 960 samples, or 960 pairs, silence included.</param>
    /// <returns>True when there is something to hear.</returns>
    public bool Next(Span<float> frame)
    {
        bool audible = _mix.Take();
        if (audible) _mix.Decode(_sound);
        else frame.Clear();
        if (audible && frame.Length == AudioFormat.FrameSize) _sound.Mid.CopyTo(frame);
        else if (audible) _sound.WriteTo(frame);
        return audible;
    }

    // While two streams overlap, the figures are the older one's; the other one is counted as soon as it is alone.
    private bool IsCounted(in AudioPacket packet)
    {
        _others = packet.Stream == _stream ? 0 : _others + 1;
        if (_others > AloneAfter) _stream = packet.Stream;
        return packet.Stream == _stream;
    }

    /// <inheritdoc />
    public void Dispose() => _mix.Dispose();
}
