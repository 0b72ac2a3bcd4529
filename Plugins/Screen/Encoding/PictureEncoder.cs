using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Brings captured pictures into a <see cref="TilePicture"/>: finds what differs from the last one, sends what has only moved as copies, and
/// encodes the rest. Working memory is kept; what is allocated is what is sent.
/// </summary>
/// <param name="target">Gets the operations.</param>
/// <param name="time">For what moves and what stands still.</param>
/// <param name="lossless">No JPEG, whatever moves.</param>
internal sealed class PictureEncoder(TilePicture target, TimeProvider time, bool lossless = false)
{
    private const int Workers = 4, WorthWorkers = 32 * 1024, WorthSearching = 8 * 1024, ManyTiles = 8, WorthDividing = 512;

    /// <summary>Pieces and bytes that are too many to stay: what lies there in shreds is sent again as a whole.</summary>
    private const int ManyPieces = 3000, Shreds = 6;

    private readonly ConcurrentBag<PngWriter> _writers = [];
    private readonly ChangeFinder _changes = new();
    private readonly MoveFinder _moves = new();
    private readonly MovedAreas _moved = new();
    private readonly TileActivity _activity = new(time);
    private readonly PatchJoiner _joiner = new();
    private readonly List<Area> _due = [], _runs = [];
    private readonly List<Patch> _patches = [], _parts = [];
    private readonly List<Op> _ops = [];
    private Picture? _last;
    private int[] _shreds = [];

    // What was left after tidying up: doing it again must be worth it.
    private (int Pieces, long Bytes) _tidy;
    private bool _tidied;

    /// <summary>True while something lossy is shown, which the next call will mend when it is called in time.</summary>
    public bool IsLossy => _activity.Lossy > 0;

    /// <summary>Looks for moved content.</summary>
    public bool FindsMoves { get; set; } = true;

    /// <summary>No JPEG from now on; what was sent as that follows exactly.</summary>
    public bool Lossless { get; set; } = lossless;

    /// <summary>Encodes a whole picture.</summary>
    public bool Encode(Picture picture) => Encode(new Shot(picture));

    /// <summary>Encodes what has changed; the picture may be reused afterwards.</summary>
    /// <returns>False when nothing has.</returns>
    public bool Encode(in Shot shot)
    {
        _ops.Clear();
        _patches.Clear();
        Picture picture = shot.Picture;
        if (_last?.Grid != picture.Grid) AddAll(picture);
        else AddChanged(shot);
        _joiner.Join(_patches);
        if (_ops.Count == 0 && _joiner.Joined.Count == 0) return false;
        EncodeJoined(picture);
        foreach (Patch part in _parts) Keep(picture, part.At);
        target.Begin(target.Number + 1, picture.Grid);
        foreach (Op op in _ops) target.Add(op);
        target.Commit();
        if (_tidied) (_tidy, _tidied) = ((target.Pieces.Count, target.Bytes), false);
        return true;
    }

    private void AddAll(Picture picture)
    {
        _last = new Picture(picture.Grid.Width, picture.Grid.Height);
        _activity.Reset(picture.Grid);
        for (int i = 0; i < picture.Grid.Count; i++) _patches.Add(Patch.Of(picture, _activity.AreaOf(i), moving: false));
    }

    private void AddChanged(in Shot shot)
    {
        Picture before = _last!, now = shot.Picture;
        _moved.Found.Clear();
        _changes.Look(before, now, shot.Changed);
        bool many = _changes.Tiles.Count >= ManyTiles;
        if (many && FindsMoves) Copy(before, now);
        _changes.Trim(before, now, _moved.Found);
        if (!many && FindsMoves && _changes.Pixels >= WorthSearching && Copy(before, now)) _changes.Trim(before, now, _moved.Found);
        foreach (Area changed in _changes.Changes) AddChanged(before, now, changed);
        AddDue(now);
    }

    // All that is painted, and not only what was found to differ: the picture may be newer in what is sent along, and what viewers see is what counts.
    private void Keep(Picture now, Area sent)
    {
        for (int y = sent.Y; y < sent.Bottom; y++) now.Row(sent.X, y, sent.Width).CopyTo(_last!.Row(sent.X, y, sent.Width));
    }

    private void AddChanged(Picture before, Picture now, Area changed)
    {
        Patch patch = Patch.Of(now, changed, moving: false);
        bool divided = !patch.Flat && TryDivide(before, now, changed);
        int pixels = divided ? _runs.Sum(static run => run.Pixels) : changed.Pixels;
        if (_activity.Note(changed, pixels) && !Lossless) _patches.Add(patch with { Moving = !patch.Flat });
        else if (divided) foreach (Area run in _runs) _patches.Add(Patch.Of(now, run, moving: false));
        else _patches.Add(patch);
    }

    /// <summary>Of a photograph each pixel costs; a text is better sent as a whole.</summary>
    private bool TryDivide(Picture before, Picture now, Area changed)
    {
        if (changed.Pixels < WorthDividing) return false;
        ChangeFinder.Divide(before, now, changed, _runs);
        return _runs.Count > 1 && _runs.TrueForAll(run => Patch.IsGrainy(now, run));
    }

    /// <summary>Copies what has only moved: there the old picture shows what the new one does.</summary>
    private bool Copy(Picture before, Picture now)
    {
        if (!_moves.TryFind(before, now, _changes.Around, out (int Dx, int Dy) move)) return false;
        _moved.Find(before, now, _changes.Around, move.Dx, move.Dy);
        // What is read must not have been written: those that the content moves towards come first, and what is written too early all the same stays out.
        _moved.Found.Sort((a, b) => (b.Y - a.Y) * move.Dy + (b.X - a.X) * move.Dx);
        int copied = 0;
        for (int i = 0; i < _moved.Found.Count; i++)
        {
            Area to = _moved.Found[i], from = to.Moved(-move.Dx, -move.Dy);
            if (IsWritten(from, copied)) continue;
            Copy(before, to, move.Dx, move.Dy);
            _moved.Found[copied++] = to;
        }
        _moved.Found.RemoveRange(copied, _moved.Found.Count - copied);
        return copied > 0;
    }

    private bool IsWritten(Area from, int copied)
    {
        for (int i = 0; i < copied; i++)
            if (!_moved.Found[i].Intersect(from).IsEmpty) return true;
        return false;
    }

    private void Copy(Picture picture, Area to, int dx, int dy)
    {
        for (int i = 0; i < to.Height; i++)
        {
            int y = dy > 0 ? to.Bottom - 1 - i : to.Y + i;
            picture.Row(to.X - dx, y - dy, to.Width).CopyTo(picture.Row(to.X, y, to.Width));
        }
        _ops.Add(Op.Copy(to, to.X - dx, to.Y - dy));
        _activity.Copied(to, to.Moved(-dx, -dy));
    }

    /// <summary>What is to be sent although it has not changed: tiles that were lossy, and those that lie in shreds.</summary>
    private void AddDue(Picture now)
    {
        _due.Clear();
        _activity.AddDue(_due);
        if (target.Pieces.Count > Math.Max(ManyPieces, 2 * _tidy.Pieces) || target.Bytes > Math.Max(target.MaxBytes / 2, 2 * _tidy.Bytes)) AddShreds(now.Grid);
        if (_due.Count == 0) return;
        foreach (Area tile in _due) _patches.Add(Patch.Of(now, tile, moving: false));
        // The joiner wants them row by row, from the left.
        _patches.Sort((a, b) => (a.At.Y / TileGrid.TileSize, a.At.X).CompareTo((b.At.Y / TileGrid.TileSize, b.At.X)));
    }

    private void AddShreds(TileGrid grid)
    {
        if (_shreds.Length != grid.Count) _shreds = new int[grid.Count];
        Array.Clear(_shreds);
        foreach (Piece piece in target.Pieces) _shreds[_activity.IndexOf(piece.Shows.At.X, piece.Shows.At.Y)]++;
        bool all = target.Bytes > target.MaxBytes / 2;
        for (int i = 0; i < _shreds.Length; i++)
            if (all || _shreds[i] >= Shreds) _due.Add(_activity.AreaOf(i));
        _tidied = true;
    }

    private void EncodeJoined(Picture picture)
    {
        _parts.Clear();
        foreach (Patch patch in _joiner.Joined) GreyParts.Add(picture, patch, _parts);
        int first = _ops.Count, pixels = 0;
        CollectionsMarshal.SetCount(_ops, first + _parts.Count);
        foreach (Patch part in _parts) pixels += part.Flat ? 0 : part.At.Pixels;
        if (pixels < WorthWorkers || _parts.Count == 1) EncodeAlone(picture, first);
        else EncodeTogether(picture, first);
        for (int i = 0; i < _parts.Count; i++) _activity.Sent(_parts[i].At, IsJpeg(_ops[first + i]));
    }

    private void EncodeAlone(Picture picture, int first)
    {
        PngWriter writer = TakeWriter();
        for (int i = 0; i < _parts.Count; i++) _ops[first + i] = Encode(writer, picture, _parts[i]);
        _writers.Add(writer);
    }

    private void EncodeTogether(Picture picture, int first) =>
        Parallel.For(0, _parts.Count, new ParallelOptions { MaxDegreeOfParallelism = Workers }, TakeWriter, (i, _, writer) =>
        {
            _ops[first + i] = Encode(writer, picture, _parts[i]);
            return writer;
        }, _writers.Add);

    private static Op Encode(PngWriter writer, Picture picture, in Patch patch)
    {
        if (patch.Flat) return Op.Fill(patch.At, patch.Colour);
        // What has few colours is drawn, not filmed: PNG is smaller and exact.
        bool filmed = patch.Moving && !writer.HasFewColours(picture, patch.At);
        return Op.Draw(patch.At, filmed ? JpegWriter.Write(picture, patch.At) : writer.Write(picture, patch.At));
    }

    private static bool IsJpeg(in Op op) => op.Image is { } image && image.Bytes[0] != PngHeader.Signature[0];

    private PngWriter TakeWriter() => _writers.TryTake(out PngWriter? writer) ? writer : new PngWriter();
}
