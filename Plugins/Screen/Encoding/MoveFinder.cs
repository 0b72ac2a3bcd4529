namespace LanCollab.Plugins.Screen;

/// <summary>
/// Finds how far the content of an area has moved, in any direction: short lively strips of the old picture are looked for in rows of the new
/// one with a rolling hash (Karp and Rabin, 1987), and the displacement with the most votes wins. What has really moved that far is
/// checked pixel by pixel by <see cref="MovedAreas"/>.
/// </summary>
internal sealed class MoveFinder
{
    private const int Strip = 24, MaxAnchors = 2048, LeastVotes = 6, EnoughVotes = 96, RowStep = 3, LeastLiveliness = 5, LeastShare = 20;
    private const uint Factor = 0x9E3779B1;
    private const int TableBits = 13, FilterBits = 16;

    private static readonly uint Outgoing = Power(Factor, Strip - 1);

    private readonly uint[] _hashes = new uint[1 << TableBits];
    private readonly (short X, short Y)[] _places = new (short, short)[1 << TableBits];
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];
    private readonly MoveVotes _votes = new();
    private int _anchors;

    /// <summary>Looks for a displacement.</summary>
    /// <param name="before">The old picture.</param>
    /// <param name="now">The new one, of the same size.</param>
    /// <param name="within">Where they differ.</param>
    /// <param name="move">From old to new.</param>
    public bool TryFind(Picture before, Picture now, Area within, out (int Dx, int Dy) move)
    {
        move = default;
        if (within.Width < Strip) return false;
        Learn(before, now, within);
        if (_anchors < LeastVotes) return false;
        _votes.Clear();
        for (int y = within.Y; y < within.Bottom && !IsDecided; y += RowStep) Look(now, within, y);
        move = _votes.Best;
        // Text is full of strips that look alike: the winner needs no majority, and what it claims is checked.
        return _votes.Most >= LeastVotes && _votes.Most * LeastShare >= _votes.Total;
    }

    private bool IsDecided => _votes.Most >= EnoughVotes && _votes.Most * 2 >= _votes.Total;

    private void Learn(Picture before, Picture now, Area within)
    {
        Array.Clear(_filter);
        Array.Clear(_places);
        _anchors = 0;
        int perRow = Math.Clamp(MaxAnchors / within.Height, 1, 8);
        uint place = 1;
        for (int y = within.Y; y < within.Bottom; y++)
            for (int i = 0; i < perRow; i++)
            {
                place = place * 1664525 + 1013904223;
                int x = within.X + (int)((ulong)place * (uint)(within.Width - Strip + 1) >> 32);
                if (_anchors < MaxAnchors) LearnStrip(before.Row(x, y, Strip), now.Row(x, y, Strip), x, y);
            }
    }

    private void LearnStrip(ReadOnlySpan<uint> was, ReadOnlySpan<uint> isNow, int x, int y)
    {
        // What stands still or looks the same everywhere tells nothing about a move.
        if (Differences.ToNeighbours(was) < LeastLiveliness || was.SequenceEqual(isNow)) return;
        uint hash = 0;
        foreach (uint pixel in was) hash = hash * Factor + pixel;
        uint slot = hash >> (32 - TableBits);
        // (0, 0) marks a free place; a strip that is there twice is found once, which does.
        if (_places[slot] != default) return;
        (_hashes[slot], _places[slot]) = (hash, ((short)(x + 1), (short)y));
        uint bit = hash >> (32 - FilterBits);
        _filter[bit >> 6] |= 1UL << (int)(bit & 63);
        _anchors++;
    }

    private void Look(Picture now, Area within, int y)
    {
        ReadOnlySpan<uint> row = now.Row(within.X, y, within.Width);
        uint hash = 0;
        for (int i = 0; i < Strip - 1; i++) hash = hash * Factor + row[i];
        for (int end = Strip - 1; end < row.Length; end++)
        {
            hash = hash * Factor + row[end];
            uint bit = hash >> (32 - FilterBits);
            if ((_filter[bit >> 6] >> (int)(bit & 63) & 1) != 0) Vote(hash, within.X + end - Strip + 1, y);
            hash -= row[end - Strip + 1] * Outgoing;
        }
    }

    private void Vote(uint hash, int x, int y)
    {
        uint slot = hash >> (32 - TableBits);
        if (_places[slot] == default || _hashes[slot] != hash) return;
        int dx = x - (_places[slot].X - 1), dy = y - _places[slot].Y;
        // Once: of lines that all have the same words each would vote for another displacement. The topmost is learnt, and found, first.
        _places[slot] = default;
        if (dx != 0 || dy != 0) _votes.Add(dx, dy);
    }

    private static uint Power(uint factor, int times)
    {
        uint result = 1;
        for (int i = 0; i < times; i++) result *= factor;
        return result;
    }
}
