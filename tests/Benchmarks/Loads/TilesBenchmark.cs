using System.Diagnostics;
using LanCollab.Plugins.Screen;

namespace LanCollab.Benchmarks.Loads;

/// <summary>
/// A presenter's work for one captured picture of 1920x1080: finding that nothing has changed, and encoding a hundred tiles of text.
/// </summary>
internal static class TilesBenchmark
{
    private const int Runs = 15, CompareRuns = 50, Changed = 100, Width = 1920, Height = 1080;
    private const long MaxBytes = 64 * 1024 * 1024;

    public static Task RunAsync()
    {
        var tiles = new TilePicture(MaxBytes);
        var encoder = new PictureEncoder(tiles, TimeProvider.System, lossless: true);
        var picture = new Picture(Width, Height);
        var pen = new Random(1);
        for (int tile = 0; tile < picture.Grid.Count; tile++) WriteText(picture, tile, pen);
        PrintEqual(encoder, picture);
        PrintChanged(tiles, encoder, picture, pen);
        return Task.CompletedTask;
    }

    private static void PrintEqual(PictureEncoder encoder, Picture picture)
    {
        // The first half, with the first picture of all, warms up.
        (double Milliseconds, double CpuMilliseconds)[] runs = [.. Enumerable.Range(0, 2 * CompareRuns).Select(_ => Encode(encoder, picture)).Skip(CompareRuns)];
        Result.Print("tiles", ("width", Width), ("height", Height),
            ("compareEqualMs", runs.Select(r => r.Milliseconds).Median()), ("compareEqualCpuMs", runs.Select(r => r.CpuMilliseconds).Median()));
    }

    private static void PrintChanged(TilePicture tiles, PictureEncoder encoder, Picture picture, Random pen)
    {
        var runs = new List<(double Milliseconds, double CpuMilliseconds, double Bytes)>();
        for (int i = 0; i <= Runs; i++)
        {
            long before = tiles.NewerThan(0)!.Revision;
            for (int tile = 0; tile < Changed; tile++) WriteText(picture, tile, pen);
            (double milliseconds, double cpu) = Encode(encoder, picture);
            runs.Add((milliseconds, cpu, tiles.NewerThan(before)!.Frames.Sum(f => f.Length)));
        }
        // The first one warms up.
        runs.RemoveAt(0);
        Result.Print("tiles", ("changedTiles", Changed), ("encodeMs", runs.Select(r => r.Milliseconds).Median()),
            ("encodeCpuMs", runs.Select(r => r.CpuMilliseconds).Median()), ("updateBytes", runs.Select(r => r.Bytes).Median()));
    }

    private static (double Milliseconds, double CpuMilliseconds) Encode(PictureEncoder encoder, Picture picture)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        encoder.Encode(picture);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }

    /// <summary>Dark strokes on white in lines of 16 pixels: as compressible as a page of text, more or less.</summary>
    private static void WriteText(Picture picture, int tile, Random pen)
    {
        (int row, int column) = Math.DivRem(tile, picture.Grid.Columns);
        for (int line = 0; line < picture.Grid.HeightOf(row); line++)
        {
            Span<uint> pixels = picture.Row(column * TileGrid.TileSize, row * TileGrid.TileSize + line, picture.Grid.WidthOf(column));
            pixels.Fill(0xFFFFFF);
            if (line % 16 is < 3 or > 12) continue;
            for (int at = pen.Next(8); at < pixels.Length - 2; at += 3 + pen.Next(8)) pixels.Slice(at, 2).Fill((uint)pen.Next(64) * 0x010101);
        }
    }
}
