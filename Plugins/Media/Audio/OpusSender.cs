using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>The sending end of one stream: frames in, packets out. Not for two threads at a time; allocates nothing per frame.</summary>
internal sealed class OpusSender(IOpusEncoder encoder) : IDisposable
{
    private readonly byte[] _packet = new byte[AudioPacket.MaxLength];
    private readonly uint _stream = (uint)Random.Shared.NextInt64();
    private uint _sequence = (uint)Random.Shared.Next(1 << 16);

    /// <summary>The next frame's first sample; goes on by itself. The hub sets it, so that all mixes of a room have one clock.</summary>
    public uint Timestamp { get; set; } = (uint)Random.Shared.NextInt64();

    /// <summary>True between a frame and the end of its spurt.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The share of packets that gets lost on the way, 0 to 1: how much correction data the encoder adds.</summary>
    public double ExpectedLoss { set => encoder.ExpectedLoss = value; }

    /// <summary>Encodes a frame of 960 samples.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="last">Nothing follows for now.</param>
    /// <returns>The datagram's payload; valid until the next call.</returns>
    public ReadOnlySpan<byte> Frame(ReadOnlySpan<float> frame, bool last = false)
    {
        int length = encoder.Encode(frame, _packet.AsSpan(AudioPacket.HeaderLength));
        new AudioPacket(AudioKind.Frame, _stream, _sequence++, Timestamp, AudioLevel.Of(frame), last).Write(_packet);
        Timestamp += AudioFormat.FrameSize;
        IsOpen = !last;
        return _packet.AsSpan(0, AudioPacket.HeaderLength + length);
    }

    /// <summary>Ends the spurt: tells the other side that the silence to come is meant.</summary>
    public ReadOnlySpan<byte> End()
    {
        IsOpen = false;
        new AudioPacket(AudioKind.End, _stream, _sequence, Timestamp, AudioLevel.Silence).Write(_packet);
        return _packet.AsSpan(0, AudioPacket.HeaderLength);
    }

    /// <summary>Lets time pass without sound.</summary>
    public void Pause() => Timestamp += AudioFormat.FrameSize;

    /// <inheritdoc />
    public void Dispose() => encoder.Dispose();
}
