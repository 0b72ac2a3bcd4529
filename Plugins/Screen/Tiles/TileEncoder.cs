using System.Collections.Concurrent;

namespace LanCollab.Plugins.Screen;

/// <summary>Brings captured pictures into a <see cref="TilePicture"/>: finds the tiles that differ from the last one and encodes only these.</summary>
internal sealed class TileEncoder(TilePicture target)
{
    private const int Workers = 4;

    private readonly ConcurrentBag<PngWriter> _writers = [];
    private readonly List<(int Column, int Row)> _changed = [];
    private readonly List<(byte[] Png, int Length)> _encoded = [];
    private Picture? _last;

    /// <summary>Encodes what has changed; the picture may be reused afterwards.</summary>
    /// <returns>False when nothing has.</returns>
    public bool Encode(Picture picture)
    {
        Compare(picture);
        if (_changed.Count == 0) return false;
        EncodeChanged(picture);
        target.Begin(target.Number + 1, picture.Grid);
        for (int i = 0; i < _changed.Count; i++) target.Put(_changed[i].Column, _changed[i].Row, _encoded[i].Png, _encoded[i].Length);
        target.Commit();
        return true;
    }

    private void Compare(Picture picture)
    {
        _changed.Clear();
        bool all = _last?.Grid != picture.Grid;
        if (all) _last = new Picture(picture.Grid.Width, picture.Grid.Height);
        for (int row = 0; row < picture.Grid.Rows; row++)
            for (int column = 0; column < picture.Grid.Columns; column++)
                if (CopyChanged(picture, _last!, column, row) || all) _changed.Add((column, row));
    }

    private static bool CopyChanged(Picture from, Picture to, int column, int row)
    {
        bool changed = false;
        int height = from.Grid.HeightOf(row);
        for (int line = 0; line < height; line++)
        {
            Span<byte> now = from.Line(column, row, line), before = to.Line(column, row, line);
            if (now.SequenceEqual(before)) continue;
            now.CopyTo(before);
            changed = true;
        }
        return changed;
    }

    private void EncodeChanged(Picture picture)
    {
        _encoded.Clear();
        _encoded.AddRange(new (byte[], int)[_changed.Count]);
        Parallel.For(0, _changed.Count, new ParallelOptions { MaxDegreeOfParallelism = Workers }, TakeWriter, (i, _, writer) =>
        {
            _encoded[i] = writer.Write(picture, _changed[i].Column, _changed[i].Row);
            return writer;
        }, _writers.Add);
    }

    private PngWriter TakeWriter() => _writers.TryTake(out PngWriter? writer) ? writer : new PngWriter();
}
