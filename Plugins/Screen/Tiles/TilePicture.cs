using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>What a viewer lacks.</summary>
/// <param name="Revision">What it has once it has got these frames.</param>
/// <param name="Number">The frame number of the newest complete picture.</param>
/// <param name="Frames">As <see cref="TileFrame"/>; not to be changed.</param>
internal sealed record TileUpdate(long Revision, uint Number, IReadOnlyList<ReadOnlyMemory<byte>> Frames);

/// <summary>
/// The current picture of one presentation as encoded pieces, each with the revision that brought it; nothing is ever decoded. One writer, any
/// number of readers. Half an update is never seen: its operations wait aside until its end has come.
/// </summary>
/// <param name="maxBytes">The most bytes of encoded images; the waiting ones may take as many again.</param>
internal sealed class TilePicture(long maxBytes)
{
    /// <summary>The most pieces: an encoder that tidies up stays far below.</summary>
    public const int MaxPieces = 32 * 1024;

    /// <summary>The most operations that may wait for the end of their update.</summary>
    private const int MaxPending = 64 * 1024;

    /// <summary>What viewers that keep up ask for: the last update, the last two, …</summary>
    private const int MaxShared = 4;

    private readonly Lock _gate = new();
    private readonly List<Op> _pending = [];
    private readonly List<EncodedImage> _images = [];
    private readonly UpdateHistory _history = new();
    private readonly Queue<(long Since, TileUpdate Update)> _shared = new();
    private (uint Number, TileGrid Grid)? _update;
    private long _pendingBytes;
    private Mosaic _mosaic = new();
    private long _revision;
    private PointerShape? _shape;

    /// <summary>Called after each complete update, on the writer's thread.</summary>
    public event Action<TilePicture>? Committed;

    /// <summary>Called when the pointer has moved or changed, on the writer's thread.</summary>
    public event Action? Pointed;

    /// <summary>The presenter's pointer.</summary>
    public Pointer Pointer { get; private set => Volatile.Write(ref field, value); } = Pointer.Hidden;

    /// <summary>The size of the newest complete picture; 0 x 0 before the first.</summary>
    public TileGrid Grid { get; private set; }

    /// <summary>The frame number of the newest complete picture; 0 before the first.</summary>
    public uint Number { get; private set; }

    /// <summary>How many pieces there are; for the writer.</summary>
    public IReadOnlyList<Piece> Pieces => _mosaic.Pieces;

    /// <summary>The most bytes of encoded images.</summary>
    public long MaxBytes => maxBytes;

    /// <summary>Bytes of the encoded images.</summary>
    public long Bytes => _mosaic.Bytes;

    /// <summary>Takes one frame of an update, copying its images.</summary>
    /// <returns>True when it completed the update; a frame of the pointer never does.</returns>
    /// <exception cref="ProtocolErrorException">The frame is wrong in itself or does not follow from the one before.</exception>
    public bool Apply(ReadOnlySpan<byte> payload)
    {
        if (PointerFrame.Is(payload))
        {
            Point(PointerFrame.Read(Pointer, ref _shape, payload));
            return false;
        }
        var frame = new TileFrame(payload);
        Begin(frame.Number, frame.Grid);
        while (frame.TryNext(_images, out Op op)) Add(op);
        if (frame.IsEnd) Commit();
        return frame.IsEnd;
    }

    /// <summary>The pointer is elsewhere, or looks different.</summary>
    public void Point(Pointer pointer)
    {
        if (pointer == Pointer) return;
        Pointer = pointer;
        Pointed?.Invoke();
    }

    /// <summary>Starts an update or goes on with the one that has been started.</summary>
    /// <param name="number">Higher than <see cref="Number"/>.</param>
    /// <param name="grid">A new size needs the whole picture.</param>
    public void Begin(uint number, TileGrid grid)
    {
        if (_update is { } begun && begun != (number, grid))
            throw new ProtocolErrorException(
                $"Frame {number} of {grid.Width}x{grid.Height} came within frame {begun.Number} of {begun.Grid.Width}x{begun.Grid.Height}.");
        if (number <= Number) throw new ProtocolErrorException($"Frame {number} came after frame {Number}.");
        _update = (number, grid);
    }

    /// <summary>Adds an operation to the update that has been started.</summary>
    public void Add(in Op op)
    {
        if (_pending.Count >= MaxPending) throw new ProtocolErrorException($"An update has more than {MaxPending} operations.");
        _pending.Add(op);
        _pendingBytes += op.Image?.Bytes.Length ?? 0;
        if (_pendingBytes > maxBytes) throw TooLarge(_pendingBytes);
    }

    /// <summary>Makes the started update the current picture, all at once.</summary>
    /// <exception cref="ProtocolErrorException">It changes the size without bringing all of the picture, or the picture takes too much memory.</exception>
    public void Commit()
    {
        (uint number, TileGrid grid) = _update ?? throw new InvalidOperationException("No update has been started.");
        lock (_gate)
        {
            if (grid != Grid) Replace(grid);
            else
            {
                foreach (Op op in _pending) _mosaic.Apply(op, _revision + 1);
                _history.Add(_revision + 1, [.. _pending]);
            }
            _revision++;
            _shared.Clear();
            Number = number;
            CheckLimits();
        }
        _pending.Clear();
        _images.Clear();
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
            // Viewers that keep up all ask for the same: it is packed once and shared.
            foreach ((long since, TileUpdate shared) in _shared)
                if (since == revision) return shared;
            TileUpdate update = Pack(revision);
            if (update.Frames.Count == 1)
            {
                if (_shared.Count == MaxShared) _shared.Dequeue();
                _shared.Enqueue((revision, update));
            }
            return update;
        }
    }

    private TileUpdate Pack(long revision)
    {
        var writer = new TileFrameWriter(Number, Grid);
        long byHistory = _history.BytesSince(revision);
        if (byHistory < long.MaxValue && byHistory <= BytesOfPieces(revision)) _history.WriteSince(revision, writer);
        else
            foreach (Piece piece in _mosaic.Pieces)
                if (piece.Revision > revision) writer.Add(piece.Shows);
        return new TileUpdate(_revision, Number, writer.Finish());
    }

    private long BytesOfPieces(long revision)
    {
        long bytes = 0;
        // An image with several pieces counts for each its share.
        foreach (Piece piece in _mosaic.Pieces)
            if (piece.Revision > revision)
                bytes += TileFrame.LengthOf(piece.Shows.Kind) + (piece.Shows.Image is { } image ? image.Bytes.Length / image.Uses : 0);
        return bytes;
    }

    private void Replace(TileGrid grid)
    {
        var mosaic = new Mosaic();
        foreach (Op op in _pending) mosaic.Apply(op, _revision + 1);
        if (mosaic.Covered != (long)grid.Width * grid.Height)
            throw new ProtocolErrorException($"The first frame of {grid.Width}x{grid.Height} brings {mosaic.Covered} of its {(long)grid.Width * grid.Height} pixels.");
        _mosaic = mosaic;
        _history.Clear();
        Grid = grid;
    }

    private void CheckLimits()
    {
        if (_mosaic.Bytes > maxBytes) throw TooLarge(_mosaic.Bytes);
        if (_mosaic.Pieces.Count > MaxPieces) throw new ProtocolErrorException($"The picture has {_mosaic.Pieces.Count} pieces; allowed are {MaxPieces}.");
    }

    private ProtocolErrorException TooLarge(long bytes) => new($"The encoded picture takes {bytes} bytes; allowed are {maxBytes}.");
}
