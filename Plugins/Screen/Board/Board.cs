using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// The lines that people have drawn over a picture, in its coordinates. Kept by the hub for who comes later, and in the same way by a daemon for
/// pages that connect. Bounded: the oldest line goes when there are too many.
/// </summary>
internal sealed class Board
{
    /// <summary>The most numbers of one message, of one line, and the most lines.</summary>
    public const int MaxPoints = 512, MaxLine = 8192, MaxLines = 600;

    private readonly List<(Drawn Line, List<double> Points)> _lines = [];

    /// <summary>All lines as they are now.</summary>
    public Drawings All => new([.. _lines.Select(entry => entry.Line with { Points = [.. entry.Points] })]);

    /// <summary>Adds to a line, or begins one.</summary>
    /// <returns>False when the line is long enough.</returns>
    /// <exception cref="UserErrorException"><c>bad-drawing</c>: no pairs, too many, or no numbers of a picture.</exception>
    public bool Add(Drawn more)
    {
        if (more.Points.Count is 0 or > MaxPoints || more.Points.Count % 2 != 0 || !more.Points.All(IsPlace))
            throw new UserErrorException("bad-drawing", $"A line comes as up to {MaxPoints / 2} pairs of x and y within {TileGrid.MaxSide} pixels.");
        int at = _lines.FindLastIndex(entry => entry.Line.Id == more.Id && entry.Line.Stroke == more.Stroke);
        if (at < 0)
        {
            if (_lines.Count == MaxLines) _lines.RemoveAt(0);
            _lines.Add((more, []));
            at = _lines.Count - 1;
        }
        if (_lines[at].Points.Count + more.Points.Count > MaxLine) return false;
        _lines[at].Points.AddRange(more.Points);
        return true;
    }

    /// <summary>Takes a person's last line away.</summary>
    /// <returns>What has gone; null when there was none.</returns>
    public Erased? Undo(string id)
    {
        int at = _lines.FindLastIndex(entry => entry.Line.Id == id);
        if (at < 0) return null;
        var gone = new Erased(id, _lines[at].Line.Stroke);
        _lines.RemoveAt(at);
        return gone;
    }

    /// <summary>Takes lines away.</summary>
    /// <returns>False when there were none.</returns>
    public bool Erase(Erased gone) =>
        _lines.RemoveAll(entry => (gone.Id is null || entry.Line.Id == gone.Id) && (gone.Stroke is null || entry.Line.Stroke == gone.Stroke)) > 0;

    /// <summary>Takes what somebody else has kept.</summary>
    public void Replace(Drawings all)
    {
        _lines.Clear();
        foreach (Drawn line in all.Lines) _lines.Add((line, [.. line.Points]));
    }

    /// <summary>True for a coordinate of any picture.</summary>
    public static bool IsPlace(double value) => value is >= 0 and <= TileGrid.MaxSide;
}
