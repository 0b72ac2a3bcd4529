using System.Buffers;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>What a viewer lacks.</summary>
/// <param name="Revision">What it has once it has got these frames.</param>
/// <param name="Number">The frame number of the newest complete picture.</param>
/// <param name="Frames">As <see cref="TileFrame"/>; not to be changed.</param>
internal sealed record TileUpdate(long Revision, uint Number, IReadOnlyList<ReadOnlyMemory<byte>> Frames);

/// <summary>
/// The current picture of one presentation as encoded tiles, each with the revision that brought it; nothing is ever decoded. One writer, any
/// number of readers. Half an update is never seen: its tiles wait aside until its end has come.
/// </summary>
/// <param name="maxBytes">The most bytes of encoded tiles; the waiting ones may take as many again.</param>
internal sealed class TilePicture(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly List<Pending> _pending = [];
    private (uint Number, TileGrid Grid)? _update;
    private long _pendingBytes;

    private Slot[] _slots = [];
    private long _bytes;
    private long _revision;
    private (long Since, TileUpdate Update)? _recent;

    /// <summary>Called after each complete update, on the writer's thread.</summary>
    public event Action<TilePicture>? Committed;

    /// <summary>The size of the newest complete picture; 0 x 0 before the first.</summary>
    public TileGrid Grid { get; private set; }

    /// <summary>The frame number of the newest complete picture; 0 before the first.</summary>
    public uint Number { get; private set; }

    /// <summary>Takes one frame of an update, copying its tiles.</summary>
    /// <returns>True when it completed the update.</returns>
    /// <exception cref="ProtocolErrorException">The frame is wrong in itself or does not follow from the one before.</exception>
    public bool Apply(ReadOnlySpan<byte> payload)
    {
        var frame = new TileFrame(payload);
        Begin(frame.Number, frame.Grid);
        while (frame.TryNext(out Tile tile))
        {
            byte[] copy = ArrayPool<byte>.Shared.Rent(tile.Png.Length);
            tile.Png.CopyTo(copy);
            Put(tile.Column, tile.Row, copy, tile.Png.Length);
        }
        if (frame.IsEnd) Commit();
        return frame.IsEnd;
    }

    /// <summary>Starts an update or goes on with the one that has been started.</summary>
    /// <param name="number">Higher than <see cref="Number"/>.</param>
    /// <param name="grid">A new size needs every tile.</param>
    public void Begin(uint number, TileGrid grid)
    {
        if (_update is { } begun && begun != (number, grid))
            throw new ProtocolErrorException(
                $"Frame {number} of {grid.Width}x{grid.Height} came within frame {begun.Number} of {begun.Grid.Width}x{begun.Grid.Height}.");
        if (number <= Number) throw new ProtocolErrorException($"Frame {number} came after frame {Number}.");
        _update = (number, grid);
    }

    /// <summary>Adds a tile to the update that has been started.</summary>
    /// <param name="column">Within the update's grid.</param>
    /// <param name="row">Within the update's grid.</param>
    /// <param name="png">Rented from the shared pool; belongs to the picture from here on.</param>
    /// <param name="length">Of the PNG in it.</param>
    public void Put(int column, int row, byte[] png, int length)
    {
        _pending.Add(new Pending(column, row, png, length));
        _pendingBytes += length;
        if (_pendingBytes > maxBytes) throw TooLarge(_pendingBytes);
    }

    /// <summary>Makes the started update the current picture, all at once.</summary>
    /// <exception cref="ProtocolErrorException">It changes the size without bringing every tile, or the picture takes too much memory.</exception>
    public void Commit()
    {
        (uint number, TileGrid grid) = _update ?? throw new InvalidOperationException("No update has been started.");
        lock (_gate)
        {
            if (grid != Grid) Resize(grid);
            _revision++;
            foreach (Pending tile in _pending) Replace(ref _slots[tile.Row * grid.Columns + tile.Column], tile);
            if (_bytes > maxBytes) throw TooLarge(_bytes);
            Number = number;
        }
        _pending.Clear();
        (_update, _pendingBytes) = (null, 0);
        Committed?.Invoke(this);
    }

    /// <summary>Everything that is newer than a revision; null when nothing is.</summary>
    /// <param name="revision">0 for a viewer that has nothing.</param>
    public TileUpdate? NewerThan(long revision)
    {
        lock (_gate)
        {
            if (revision == _revision || Number == 0) return null;
            // Viewers that keep up all ask for the same update: it is packed once and shared.
            if (_recent is { } recent && recent.Since == revision && recent.Update.Revision == _revision) return recent.Update;
            TileUpdate update = Pack(revision);
            _recent = update.Frames.Count == 1 ? (revision, update) : null;
            return update;
        }
    }

    private TileUpdate Pack(long revision)
    {
        var writer = new TileFrameWriter(Number, Grid);
        for (int i = 0; i < _slots.Length; i++)
        {
            ref Slot slot = ref _slots[i];
            if (slot.Revision > revision) writer.Add(new Tile(i % Grid.Columns, i / Grid.Columns, slot.Png.AsSpan(0, slot.Length)));
        }
        return new TileUpdate(_revision, Number, writer.Finish());
    }

    private void Resize(TileGrid grid)
    {
        int places = _pending.Select(tile => (tile.Column, tile.Row)).Distinct().Count();
        if (places != grid.Count)
            throw new ProtocolErrorException($"The first frame of {grid.Width}x{grid.Height} brings {places} of its {grid.Count} tiles.");
        foreach (Slot slot in _slots) ArrayPool<byte>.Shared.Return(slot.Png!);
        _slots = new Slot[grid.Count];
        _bytes = 0;
        Grid = grid;
    }

    private void Replace(ref Slot slot, Pending tile)
    {
        // Readers copy under the lock, so nobody can still be looking at the old bytes.
        if (slot.Png is { } old) ArrayPool<byte>.Shared.Return(old);
        _bytes += tile.Length - slot.Length;
        slot = new Slot { Png = tile.Png, Length = tile.Length, Revision = _revision };
    }

    private ProtocolErrorException TooLarge(long bytes) => new($"The encoded picture takes {bytes} bytes; allowed are {maxBytes}.");

    private struct Slot
    {
        public byte[]? Png;
        public int Length;
        public long Revision;
    }

    private readonly record struct Pending(int Column, int Row, byte[] Png, int Length);
}
