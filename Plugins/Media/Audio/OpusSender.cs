using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>The sending end of one stream: frames in, packets out. Not for two threads at a time; allocates nothing per frame.</summary>
internal sealed class OpusSender(IOpusEncoder encoder) : IDisposable
{
    private readonly byte[] _packet = new byte[AudioPacket.MaxLength];
    private readonly uint _stream = (uint)Random.Shared.NextInt64();
    private uint _sequence = (uint)Random.Shared.Next(1 << 16);
    private uint _timestamp = (uint)Random.Shared.NextInt64();

    /// <summary>True between a frame and the end of its spurt.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Encodes a frame of 960 samples.</summary>
    /// <returns>The datagram's payload; valid until the next call.</returns>
    public ReadOnlySpan<byte> Frame(ReadOnlySpan<float> frame)
    {
        int length = encoder.Encode(frame, _packet.AsSpan(AudioPacket.HeaderLength));
        new AudioPacket(AudioKind.Frame, _stream, _sequence++, _timestamp, AudioLevel.Of(frame)).Write(_packet);
        _timestamp += AudioFormat.FrameSize;
        IsOpen = true;
        return _packet.AsSpan(0, AudioPacket.HeaderLength + length);
    }

    /// <summary>Ends the spurt: tells the other side that the silence to come is meant.</summary>
    public ReadOnlySpan<byte> End()
    {
        IsOpen = false;
        return Leave();
    }

    /// <summary>The same packet, for one listener who leaves a stream that goes on.</summary>
    public ReadOnlySpan<byte> Leave()
    {
        new AudioPacket(AudioKind.End, _stream, _sequence, _timestamp, AudioLevel.Silence).Write(_packet);
        return _packet.AsSpan(0, AudioPacket.HeaderLength);
    }

    /// <summary>Lets time pass without sound.</summary>
    public void Pause() => _timestamp += AudioFormat.FrameSize;

    /// <inheritdoc />
    public void Dispose() => encoder.Dispose();
}
