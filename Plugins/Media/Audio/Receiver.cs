using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The daemon's ear: mixes come in, one frame goes out every 20 ms. The hub may move a listener from one mix to another; for that moment
/// the end of the old and the beginning of the new are both played.
/// </summary>
internal sealed class Receiver : IDisposable
{
    private const int Streams = 3;

    private readonly PlayoutStream[] _streams;
    private readonly uint?[] _ids = new uint?[Streams];
    private readonly float[] _part = new float[AudioFormat.FrameSize];
    private int _turn;

    public Receiver(IOpusCodec codec, MediaOptions options, TimeProvider time)
    {
        Arrivals = new Arrivals(time);
        _streams = [.. Enumerable.Range(0, Streams).Select(_ => new PlayoutStream(
            codec.CreateDecoder(), options.PlayoutDelay / AudioFormat.FrameMilliseconds, options.MaxPlayoutDelay / AudioFormat.FrameMilliseconds))];
    }

    /// <summary>How the mix arrives.</summary>
    public Arrivals Arrivals { get; }

    /// <summary>Datagrams that were none of ours.</summary>
    public long Malformed { get; private set; }

    /// <summary>What is held back at the moment.</summary>
    public TimeSpan Delay => _streams.Max(s => s.Delay);

    /// <summary>Takes a datagram. For the receive loop.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!AudioPacket.TryRead(datagram, out AudioPacket packet, out ReadOnlySpan<byte> opus)) Malformed++;
        else if (_streams[SlotOf(packet.Stream)].Push(packet, opus) != Arrival.Duplicate) Arrivals.Note(packet, datagram.Length);
    }

    /// <summary>Gives the next 20 ms. For the clock.</summary>
    /// <param name="frame">960 samples, silence included.</param>
    /// <returns>True when there is something to hear.</returns>
    public bool Next(Span<float> frame)
    {
        frame.Clear();
        bool audible = false;
        foreach (PlayoutStream stream in _streams)
        {
            if (!stream.Next(_part)) continue;
            Samples.Add(frame, _part);
            audible = true;
        }
        return audible;
    }

    private int SlotOf(uint stream)
    {
        int slot = Array.IndexOf(_ids, stream);
        if (slot >= 0) return slot;
        _turn = (_turn + 1) % Streams;
        _ids[_turn] = stream;
        return _turn;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (PlayoutStream stream in _streams) stream.Dispose();
    }
}
