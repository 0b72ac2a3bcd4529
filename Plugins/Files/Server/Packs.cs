using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>Where a block lies.</summary>
/// <param name="Pack">Number of the pack file.</param>
/// <param name="Offset">Byte within it.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct BlockPlace(int Pack, long Offset, int Length);

/// <summary>
/// The bytes of all blocks, in files <c>&lt;number&gt;.pack</c> that are only ever appended to: large sequential writes, and one fsync for whatever
/// came meanwhile from everybody. A start begins a new pack, so that nothing is written behind bytes of an earlier life.
/// </summary>
internal sealed class Packs : IDisposable
{
    private const long RollAt = 256L << 20;
    private const int MostOpen = 128;
    private const int Page = 4096;

    private readonly string _folder;
    private readonly Action<SafeFileHandle> _flush;
    private readonly Lock _lock = new(), _writing = new();
    private readonly Dictionary<int, SafeFileHandle> _open = [];
    private readonly HashSet<int> _unnamed = [];
    private int _current;
    private long _end;

    /// <param name="folder">Of the packs alone.</param>
    /// <param name="flush">Stands for fsync; tests let it fail.</param>
    public Packs(string folder, Action<SafeFileHandle> flush)
    {
        (_folder, _flush) = (folder, flush);
        Directory.CreateDirectory(folder);
        _current = Numbers().DefaultIfEmpty(0).Max();
        _end = RollAt;
    }

    /// <summary>Appends a block; it is durable only after <see cref="Flush"/>.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public BlockPlace Write(ReadOnlySpan<byte> data)
    {
        (BlockPlace place, SafeFileHandle file) = Allocate(data.Length);
        try
        {
            // One at a time: the kernel lets nobody else into the file meanwhile either, but who waits there keeps a processor busy.
            lock (_writing) RandomAccess.Write(file, data, place.Offset);
            return place;
        }
        catch
        {
            // What fitted of it would fill the disk for nothing.
            DiskSpace.Punch(file, place.Offset, Whole(place.Length));
            throw;
        }
    }

    /// <summary>Returns when everything that was written to these packs is on the disk, names included.</summary>
    /// <exception cref="IOException">It is not; these packs are never written to again.</exception>
    public void Flush(IReadOnlyCollection<int> packs)
    {
        try
        {
            foreach (int pack in packs) _flush(Handle(pack));
            if (!packs.Any(_unnamed.Contains)) return;
            DurableFile.FlushFolder(_folder);
            _unnamed.ExceptWith(packs);
        }
        catch
        {
            // The kernel may call pages clean that it could not write: what follows in such a file cannot be trusted.
            GiveUp(packs);
            throw;
        }
    }

    /// <summary>Whatever comes next goes to a new pack.</summary>
    public void GiveUp(IReadOnlyCollection<int> packs)
    {
        lock (_lock)
        {
            if (packs.Contains(_current)) _end = RollAt;
        }
    }

    /// <summary>Reads a block.</summary>
    /// <exception cref="IOException">It cannot be read, or is not there any more.</exception>
    public void Read(BlockPlace place, Span<byte> target)
    {
        for (int got = 0; got < place.Length;)
        {
            int read = Read(place, got, target[got..place.Length]);
            if (read == 0) throw new EndOfStreamException($"Pack {place.Pack} ends at {place.Offset + got}; {place.Length - got} bytes more were expected.");
            got += read;
        }
    }

    /// <summary>Gives the space of blocks back: at once where the file system can, otherwise when their pack is empty.</summary>
    public void Free(IEnumerable<BlockPlace> places)
    {
        foreach (BlockPlace place in places.Where(place => File.Exists(PathOf(place.Pack)))) DiskSpace.Punch(Handle(place.Pack), place.Offset, Whole(place.Length));
    }

    /// <summary>Blocks begin on pages: a hole frees whole pages only.</summary>
    private static long Whole(long length) => (length + Page - 1) / Page * Page;

    /// <summary>Removes packs without blocks, and frees what lies between and behind the blocks of the others.</summary>
    /// <param name="blocks">All there are.</param>
    public void Sweep(IEnumerable<BlockPlace> blocks)
    {
        ILookup<int, BlockPlace> live = blocks.ToLookup(place => place.Pack);
        int current;
        lock (_lock) current = _current;
        foreach (int pack in Numbers())
        {
            if (live.Contains(pack)) Free(Gaps(pack, live[pack]));
            else if (pack != current || _end >= RollAt) Remove(pack);
        }
    }

    /// <summary>Bytes that the packs take on the disk.</summary>
    public long UsedBytes() => Numbers().Sum(pack => DiskSpace.AllocatedBytes(PathOf(pack)));

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (SafeFileHandle file in _open.Values) file.Dispose();
            _open.Clear();
        }
    }

    private (BlockPlace Place, SafeFileHandle File) Allocate(int length)
    {
        lock (_lock)
        {
            if (_end + length > RollAt) Roll();
            var place = new BlockPlace(_current, _end, length);
            _end += Whole(length);
            return (place, Handle(_current));
        }
    }

    private void Roll()
    {
        int next = _current + 1;
        SafeFileHandle file = File.OpenHandle(PathOf(next), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        (_current, _end) = (next, 0);
        Keep(next, file);
        _unnamed.Add(next);
    }

    private int Read(BlockPlace place, int got, Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(Handle(place.Pack), target, place.Offset + got);
        }
        catch (ObjectDisposedException)
        {
            // Closed just now to keep the number of open files low.
            return RandomAccess.Read(Handle(place.Pack), target, place.Offset + got);
        }
    }

    private SafeFileHandle Handle(int pack)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(pack, out SafeFileHandle? open)) return open;
            return Keep(pack, File.OpenHandle(PathOf(pack), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
        }
    }

    private SafeFileHandle Keep(int pack, SafeFileHandle file)
    {
        if (_open.Count >= MostOpen)
        {
            int oldest = _open.Keys.Where(number => number != _current && !_unnamed.Contains(number)).Min();
            if (_open.Remove(oldest, out SafeFileHandle? closed)) closed.Dispose();
        }
        return _open[pack] = file;
    }

    private void Remove(int pack)
    {
        lock (_lock)
        {
            if (_open.Remove(pack, out SafeFileHandle? file)) file.Dispose();
        }
        File.Delete(PathOf(pack));
    }

    private IEnumerable<BlockPlace> Gaps(int pack, IEnumerable<BlockPlace> blocks)
    {
        long at = 0, length = new FileInfo(PathOf(pack)).Length;
        foreach (BlockPlace block in blocks.OrderBy(block => block.Offset))
        {
            if (block.Offset > at) yield return new BlockPlace(pack, at, (int)(block.Offset - at));
            at = block.Offset + Whole(block.Length);
        }
        if (length > at) yield return new BlockPlace(pack, at, (int)(length - at));
    }

    private IEnumerable<int> Numbers() =>
        Directory.EnumerateFiles(_folder, "*.pack").Select(path => int.TryParse(Path.GetFileNameWithoutExtension(path), out int number) ? number : 0).Where(number => number > 0);

    private string PathOf(int pack) => Path.Combine(_folder, $"{pack:d8}.pack");
}
