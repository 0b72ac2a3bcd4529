using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>The sending end of one stream: frames in, packets out. Not for two threads at a time; allocates nothing per frame.</summary>
internal sealed class OpusSender(IOpusEncoder encoder, bool shared = false) : IDisposable
{
    private readonly byte[] _packet = new byte[AudioPacket.MaxLength];
    private readonly byte[] _before = new byte[AudioPacket.MaxOpus];
    private int _beforeLength;
    private uint _following; // timestamp of what comes right after it
    private readonly uint _stream = (uint)Random.Shared.NextInt64();
    private uint _sequence = (uint)Random.Shared.Next(1 << 16);

    /// <summary>The next frame's first sample; goes on by itself. The hub sets it, so that all mixes of a room have one clock.</summary>
    public uint Timestamp { get; set; } = (uint)Random.Shared.NextInt64();

    /// <summary>True between a frame and the end of its spurt.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The share of packets that gets lost on the way, 0 to 1: the encoder leans less on frames that may be missing.</summary>
    public double ExpectedLoss { set => encoder.ExpectedLoss = value; }

    /// <summary>True: each packet also carries the frame before it, so that a single loss is made good by the next packet.</summary>
    public bool Corrects { get; set; }

    /// <summary>Target, bits a second.</summary>
    public int Bitrate { set => encoder.Bitrate = value; }

    /// <summary>As <see cref="IOpusEncoder.IsStereo"/>.</summary>
    public bool IsStereo { set => encoder.IsStereo = value; }

    /// <summary>Encodes a frame.</summary>
    /// <param name="frame">480 or 960 samples for each of the encoder's channels; of one length as long as the stream goes on.</param>
    /// <param name="last">Nothing follows for now.</param>
    /// <returns>The datagram's payload; valid until the next call.</returns>
    public ReadOnlySpan<byte> Frame(ReadOnlySpan<float> frame, bool last = false)
    {
        new AudioPacket(AudioKind.Frame, _stream, _sequence++, Timestamp, AudioLevel.Of(frame), last, shared).Write(_packet);
        int at = AudioPacket.HeaderLength + CopyBefore();
        int length = encoder.Encode(frame, _packet.AsSpan(at, Math.Min(AudioPacket.MaxOpus, _packet.Length - at)));
        Timestamp += (uint)(frame.Length / encoder.Channels);
        Remember(_packet.AsSpan(at, length));
        IsOpen = !last;
        return _packet.AsSpan(0, at + length);
    }

    private int CopyBefore()
    {
        if (!Corrects || !IsOpen || _following != Timestamp) return 0;
        AudioPacket.MarkCopy(_packet, _beforeLength);
        _before.AsSpan(0, _beforeLength).CopyTo(_packet.AsSpan(AudioPacket.HeaderLength + AudioPacket.CopyHeaderLength));
        return AudioPacket.CopyHeaderLength + _beforeLength;
    }

    private void Remember(ReadOnlySpan<byte> opus)
    {
        opus.CopyTo(_before);
        (_beforeLength, _following) = (opus.Length, Timestamp);
    }

    /// <summary>Ends the spurt: tells the other side that the silence to come is meant.</summary>
    public ReadOnlySpan<byte> End()
    {
        IsOpen = false;
        new AudioPacket(AudioKind.End, _stream, _sequence, Timestamp, AudioLevel.Silence, Shared: shared).Write(_packet);
        return _packet.AsSpan(0, AudioPacket.HeaderLength);
    }

    /// <summary>Lets time pass without sound.</summary>
    /// <param name="samples">How much of it.</param>
    public void Pause(int samples = AudioFormat.FrameSize) => Timestamp += (uint)samples;

    /// <inheritdoc />
    public void Dispose() => encoder.Dispose();
}
