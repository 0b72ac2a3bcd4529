using System.Buffers;

namespace LanCollab.Plugins.Media.Video;

/// <summary>A frame of which some fragments have come. Its buffer is rented: return it with <see cref="Release"/>.</summary>
internal sealed class PendingFrame
{
    private readonly ulong[] _have = new ulong[VideoHeader.MaxFragments / 64];
    private byte[] _bytes = [];
    private int _missing;
    private int _length;
    private int _highest;

    /// <summary>The header of the fragment that came first.</summary>
    public VideoHeader Header { get; private set; }

    /// <summary>The number that the frame's first packet has at most.</summary>
    public uint FirstPacket { get; private set; }

    /// <summary>How many packets are missing behind the last one that is there.</summary>
    public int TailMissing => Header.Fragments - 1 - _highest;

    /// <summary>True when every fragment is there.</summary>
    public bool IsComplete => _missing == 0;

    /// <summary>Size of the rented buffer in bytes.</summary>
    public int Reserved => _bytes.Length;

    /// <summary>The frame; only when complete, until <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>What a frame with that header will reserve at least, in bytes.</summary>
    public static int Need(in VideoHeader header) => header.Fragments * VideoHeader.FragmentBytes;

    /// <summary>Makes this object ready for a frame.</summary>
    public void Start(in VideoHeader header)
    {
        Header = header;
        _missing = header.Fragments;
        _length = 0;
        _highest = -1;
        FirstPacket = header.Packet - header.Fragment;
        Array.Clear(_have);
        _bytes = ArrayPool<byte>.Shared.Rent(Need(header));
    }

    /// <summary>Takes a fragment; false when it is there already or contradicts the first one.</summary>
    public bool Add(in VideoHeader header, ReadOnlySpan<byte> bytes)
    {
        if (header with { Fragment = Header.Fragment, Packet = Header.Packet } != Header) return false;
        ref ulong word = ref _have[header.Fragment / 64];
        ulong bit = 1UL << (header.Fragment % 64);
        if ((word & bit) != 0) return false;
        word |= bit;
        _highest = Math.Max(_highest, header.Fragment);
        if ((int)(header.Packet - header.Fragment - FirstPacket) < 0) FirstPacket = header.Packet - header.Fragment;
        bytes.CopyTo(_bytes.AsSpan(header.Fragment * VideoHeader.FragmentBytes));
        _length += bytes.Length;
        _missing--;
        return true;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}
