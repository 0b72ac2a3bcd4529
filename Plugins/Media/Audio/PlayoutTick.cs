namespace LanCollab.Plugins.Media.Audio;

/// <summary>What is to be played now.</summary>
internal enum Playout
{
    /// <summary>Nothing: the stream has not begun, has ended or has dried up.</summary>
    Silence,

    /// <summary>The packets in turn.</summary>
    Frame,

    /// <summary>Those and the ones after them within the time of one frame: too much is held back.</summary>
    Merge,

    /// <summary>The packet in turn is missing, but the one after it is here and may hold its correction data.</summary>
    Recover,

    /// <summary>The packet in turn is missing, or time is to be won.</summary>
    Conceal,
}

/// <summary>A packet that has been taken out of the buffer.</summary>
internal sealed class PlayoutPacket
{
    private readonly byte[] _opus = new byte[AudioPacket.MaxOpus];
    private int _length;

    /// <summary>Its stream.</summary>
    public uint Stream { get; private set; }

    /// <summary>Its level.</summary>
    public byte Level { get; private set; }

    /// <summary>The last one of its spurt.</summary>
    public bool Last { get; private set; }

    /// <summary>Its Opus frame.</summary>
    public ReadOnlySpan<byte> Opus => _opus.AsSpan(0, _length);

    /// <summary>Takes a copy.</summary>
    public void Set(uint stream, byte level, bool last, ReadOnlySpan<byte> opus)
    {
        (Stream, Level, Last, _length) = (stream, level, last, opus.Length);
        opus.CopyTo(_opus);
    }
}

/// <summary>One beat's worth of a <see cref="PlayoutBuffer"/>, used again and again.</summary>
internal sealed class PlayoutTick
{
    private readonly PlayoutPacket[] _packets;

    /// <param name="streams">Streams that may overlap.</param>
    public PlayoutTick(int streams) => _packets = [.. Enumerable.Range(0, 2 * streams).Select(_ => new PlayoutPacket())];

    /// <summary>What to do.</summary>
    public Playout Kind { get; set; }

    /// <summary>Packets of this beat.</summary>
    public int Count { get; private set; }

    /// <summary>Packets of the beat after it, for <see cref="Playout.Merge"/> and <see cref="Playout.Recover"/>.</summary>
    public int Following { get; private set; }

    /// <summary>A packet of this beat.</summary>
    public PlayoutPacket this[int index] => _packets[index];

    /// <summary>A packet of the beat after it.</summary>
    public PlayoutPacket After(int index) => _packets[Count + index];

    /// <summary>Forgets all.</summary>
    public void Clear() => (Kind, Count, Following) = (Playout.Silence, 0, 0);

    /// <summary>The next packet to fill.</summary>
    public PlayoutPacket Add(bool following)
    {
        PlayoutPacket packet = _packets[Count + Following];
        if (following) Following++;
        else Count++;
        return packet;
    }
}
