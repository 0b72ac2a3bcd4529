using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Plugins.Media.Audio.Mix;

/// <summary>
/// The sum of a room, encoded once for all who can do with it. A room has one of one channel and, as soon as somebody wants two, one of two. In each tick: <see cref="Begin"/>, its
/// listeners one after the other, <see cref="Encode"/>, and then <see cref="PacketFor"/> on any thread.
/// </summary>
internal sealed class SharedMix(IOpusCodec codec, MediaOptions options, bool stereo) : IDisposable
{
    private readonly MixOutput _output = new(codec, options, stereo);
    private readonly byte[] _packet = new byte[AudioPacket.MaxLength];
    private readonly byte[] _plain = new byte[AudioPacket.MaxLength]; // the same without a copy, for those who lose nothing
    private int _length, _plainLength; // 0: no packet
    private bool _anybody, _copies;
    private double _loss;

    /// <summary>True when there is a packet to send in this tick.</summary>
    public bool Sends => _length > 0;

    /// <summary>True between the first packet of a spurt and its last.</summary>
    public bool IsOpen => _output.IsOpen;

    /// <summary>Target, bits a second.</summary>
    public int Bitrate { set => _output.Bitrate = value; }

    /// <summary>Nobody listens yet.</summary>
    public void Begin() => (_anybody, _copies, _loss) = (false, false, 0);

    /// <summary>Somebody gets it in this tick.</summary>
    public void Add(Listener listener)
    {
        _anybody = true;
        _loss = Math.Max(_loss, listener.Loss);
        _copies |= listener.NeedsCopies;
    }

    /// <summary>Makes the packet.</summary>
    public void Encode(RoomMix mix)
    {
        (_output.ExpectedLoss, _output.Corrects) = (_loss, _copies);
        bool audible = _anybody && mix.Count > 0;
        if (audible) mix.WriteTo(_output.Frame);
        ReadOnlySpan<byte> packet = _anybody || _output.IsOpen ? _output.Packet(mix.Timestamp, audible, last: !_anybody) : default;
        packet.CopyTo(_packet);
        _length = packet.Length;
        _plainLength = packet.IsEmpty ? 0 : AudioPacket.WithoutCopy(packet, _plain);
    }

    /// <summary>The packet, for somebody who gets it.</summary>
    public ReadOnlySpan<byte> PacketFor(Listener listener) => listener.NeedsCopies ? _packet.AsSpan(0, _length) : _plain.AsSpan(0, _plainLength);

    /// <inheritdoc />
    public void Dispose() => _output.Dispose();
}
