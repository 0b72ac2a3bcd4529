using LanCollab.Tests.Support;

namespace LanCollab.Benchmarks.Files;

/// <summary>What is sent: random content, made once, on the disk that is measured.</summary>
/// <param name="Name">In the result.</param>
/// <param name="Paths">Files, or one folder.</param>
/// <param name="Files">How many files in all.</param>
/// <param name="Bytes">In all.</param>
internal sealed record Workload(string Name, IReadOnlyList<string> Paths, int Files, long Bytes)
{
    private const int MiB = 1 << 20;

    public double MiBytes => (double)Bytes / MiB;

    /// <summary>One large file.</summary>
    public static Workload Large(TempFolder folder, int mebibytes) => new($"{mebibytes}MiB", [Write(folder["from/large.bin"], (long)mebibytes * MiB, 1)], 1, (long)mebibytes * MiB);

    /// <summary>Four files, sent at the same time.</summary>
    public static Workload Four(TempFolder folder, int mebibytes) => new(
        $"4x{mebibytes / 4}MiB", [.. Enumerable.Range(0, 4).Select(i => Write(folder[$"from/part{i}.bin"], (long)mebibytes / 4 * MiB, 2 + i))], 4, (long)mebibytes * MiB);

    /// <summary>A folder of small files.</summary>
    public static Workload Small(TempFolder folder, int count)
    {
        const int size = 10 * 1024;
        for (int i = 0; i < count; i++) Write(folder[$"from/small/{i / 100:d3}/{i:d5}.bin"], size, 100 + i);
        return new($"{count}x10KiB", [folder["from/small"]], count, (long)count * size);
    }

    /// <summary>Removes it.</summary>
    public void Delete()
    {
        foreach (string path in Paths)
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else File.Delete(path);
        }
    }

    private static string Write(string path, long size, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        byte[] block = new byte[Math.Min(size, MiB)];
        using FileStream file = File.Create(path);
        for (long left = size; left > 0; left -= block.Length)
        {
            random.NextBytes(block);
            file.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
        }
        return path;
    }
}
