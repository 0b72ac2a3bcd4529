using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// The newest packets of one layer, to send them again and to send runs of them at once: they lie one after the other, each in a place of its own, so
/// that a run needs no copying. Its memory is fixed. For one thread at a time.
/// </summary>
/// <param name="capacity">Packets; a power of two, so that serial numbers may wrap around.</param>
internal sealed class PacketHistory(int capacity)
{
    /// <summary>Bytes of a place: the longest packet.</summary>
    public const int Stride = DatagramLimits.MaxPayload;

    private byte[] _bytes = new byte[capacity * Stride];
    private readonly ushort[] _lengths = new ushort[capacity];
    private uint _next;

    /// <summary>The serial number that the next packet gets.</summary>
    public uint Next => _next;

    /// <summary>True when the next packet will not lie behind the newest one.</summary>
    public bool IsAtEnd => _next % capacity == 0;

    /// <summary>Keeps a packet, at the cost of the oldest one.</summary>
    public void Append(ReadOnlySpan<byte> packet)
    {
        int place = Place(_next++);
        packet.CopyTo(_bytes.AsSpan(place * Stride, Stride));
        _lengths[place] = (ushort)packet.Length;
    }

    /// <summary>True while that packet is kept.</summary>
    public bool Has(uint serial) => _bytes.Length > 0 && _next - serial - 1 < capacity;

    /// <summary>A packet that is kept.</summary>
    public Span<byte> this[uint serial] => _bytes.AsSpan(Place(serial) * Stride, _lengths[Place(serial)]);

    /// <summary>Packets that lie one after the other, each <see cref="Stride"/> bytes but the last.</summary>
    public Span<byte> Run(uint first, int count) => _bytes.AsSpan(Place(first) * Stride, ((count - 1) * Stride) + _lengths[Place(first + (uint)count - 1)]);

    /// <summary>Gives the memory back: the stream has ended.</summary>
    public void Clear() => _bytes = [];

    private int Place(uint serial) => (int)(serial % capacity);
}
