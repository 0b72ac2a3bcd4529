using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>One piece of a mosaic.</summary>
/// <param name="Shows">A fill, or a window onto an image.</param>
/// <param name="Revision">That brought it to its place.</param>
internal readonly record struct Piece(Op Shows, long Revision);

/// <summary>
/// A picture as pieces that do not overlap, each a colour or a window onto an encoded image. Painting cuts what lies below; copying moves
/// windows: neither decodes anything. An image goes when its last piece has gone.
/// </summary>
internal sealed class Mosaic
{
    private readonly List<Piece> _pieces = [];
    private readonly List<Op> _lifted = [];

    /// <summary>The pieces, in no order.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>Bytes of the images that are there.</summary>
    public long Bytes { get; private set; }

    /// <summary>Pixels that are covered.</summary>
    public long Covered { get; private set; }

    /// <summary>Does one operation.</summary>
    public void Apply(in Op op, long revision)
    {
        if (op.Kind == OpKind.Copy) Copy(op, revision);
        else
        {
            // The new one first: an image that it shares with what it covers stays.
            Keep(op);
            Cut(op.At);
            Add(op, revision);
            Release(op);
        }
    }

    private void Copy(in Op op, long revision)
    {
        _lifted.Clear();
        int dx = op.At.X - op.FromX, dy = op.At.Y - op.FromY;
        foreach (Piece piece in _pieces)
            if (piece.Shows.At.Intersect(op.Source) is { IsEmpty: false } part)
            {
                Op shown = piece.Shows.Within(part);
                _lifted.Add(shown with { At = part.Moved(dx, dy) });
                Keep(shown);
            }
        Cut(op.At);
        foreach (Op shown in _lifted)
        {
            Add(shown, revision);
            Release(shown);
        }
    }

    private void Cut(Area hole)
    {
        // From the end: what is added is not looked at again, and the last one takes the place of one that goes.
        for (int i = _pieces.Count - 1; i >= 0; i--)
        {
            Piece piece = _pieces[i];
            if (piece.Shows.At.Intersect(hole) is not { IsEmpty: false } gone) continue;
            _pieces[i] = _pieces[^1];
            _pieces.RemoveAt(_pieces.Count - 1);
            Covered -= piece.Shows.At.Pixels;
            AddRest(piece, gone);
            Release(piece.Shows);
        }
    }

    private void AddRest(in Piece piece, Area gone)
    {
        Area all = piece.Shows.At;
        AddPart(piece, Area.Between(all.X, all.Y, all.Right, gone.Y));
        AddPart(piece, Area.Between(all.X, gone.Bottom, all.Right, all.Bottom));
        AddPart(piece, Area.Between(all.X, gone.Y, gone.X, gone.Bottom));
        AddPart(piece, Area.Between(gone.Right, gone.Y, all.Right, gone.Bottom));
    }

    private void AddPart(in Piece piece, Area part)
    {
        if (!part.IsEmpty) Add(piece.Shows.Within(part), piece.Revision);
    }

    private void Add(in Op shown, long revision)
    {
        _pieces.Add(new Piece(shown, revision));
        Covered += shown.At.Pixels;
        Keep(shown);
    }

    private void Keep(in Op shown)
    {
        if (shown.Image is { } image && image.Uses++ == 0) Bytes += image.Bytes.Length;
    }

    private void Release(in Op shown)
    {
        if (shown.Image is { } image && --image.Uses == 0) Bytes -= image.Bytes.Length;
    }
}
