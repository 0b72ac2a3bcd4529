namespace LanCollab.Plugins.Screen;

/// <summary>Counts for each displacement how many strips were found there again. A small open-addressed table; when it is full, new ones are not counted.</summary>
internal sealed class MoveVotes
{
    private const int Size = 1024;
    private const int Offset = TileGrid.MaxSide;

    private readonly int[] _keys = new int[Size];
    private readonly int[] _votes = new int[Size];
    private int _best;

    /// <summary>The most votes that a displacement has.</summary>
    public int Most => _votes[_best];

    /// <summary>Which it is.</summary>
    public (int Dx, int Dy) Best => ((_keys[_best] >> 16) - Offset, (_keys[_best] & 0xFFFF) - Offset);

    /// <summary>All of them.</summary>
    public int Total { get; private set; }

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        Array.Clear(_votes);
        (_best, Total) = (0, 0);
    }

    /// <summary>One more strip has moved this far.</summary>
    public void Add(int dx, int dy)
    {
        int key = (dx + Offset) << 16 | (dy + Offset);
        uint slot = (uint)key * 0x9E3779B1 >> 22;
        for (int tried = 0; tried < 16; tried++, slot = (slot + 1) % Size)
        {
            if (_votes[slot] > 0 && _keys[slot] != key) continue;
            _keys[slot] = key;
            Total++;
            if (++_votes[slot] > _votes[_best]) _best = (int)slot;
            return;
        }
    }
}
