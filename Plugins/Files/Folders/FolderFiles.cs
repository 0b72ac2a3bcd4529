using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>Files laid one after the other as one run of bytes, and the few of them that are open at a time.</summary>
/// <param name="paths">Absolute.</param>
/// <param name="sizes">Bytes of each.</param>
/// <param name="start">Where the first one begins.</param>
/// <param name="open">Opens one.</param>
internal sealed class FolderFiles(IReadOnlyList<string> paths, IReadOnlyList<long> sizes, long start, Func<string, SafeFileHandle> open) : IDisposable
{
    private const int MostOpen = 32;

    private readonly long[] _starts = Starts(sizes, start);
    private readonly Dictionary<int, (SafeFileHandle File, int Users)> _open = [];
    private readonly Queue<int> _idle = new();
    private readonly Lock _lock = new();

    /// <summary>Does something with each file that a part of the run touches: file, offset within it, offset within the part, length.</summary>
    public void Visit(long offset, int length, Action<SafeFileHandle, long, int, int> visit)
    {
        int done = 0;
        for (int index = Find(offset); done < length && index < paths.Count; index++)
        {
            long at = offset + done - _starts[index];
            int part = (int)Math.Min(length - done, sizes[index] - at);
            if (part <= 0) continue;
            SafeFileHandle file = Use(index);
            try
            {
                visit(file, at, done, part);
            }
            finally
            {
                Leave(index);
            }
            done += part;
        }
        if (done < length) throw new EndOfStreamException($"The folder's files end at {offset + done}; {length - done} bytes more were expected.");
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (file, _) in _open.Values) file.Dispose();
            _open.Clear();
        }
    }

    private SafeFileHandle Use(int index)
    {
        lock (_lock)
        {
            var (file, users) = _open.TryGetValue(index, out var known) ? known : (open(paths[index]), 0);
            _open[index] = (file, users + 1);
            return file;
        }
    }

    private void Leave(int index)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(index, out var entry)) return;
            _open[index] = (entry.File, entry.Users - 1);
            if (entry.Users == 1) _idle.Enqueue(index);
            while (_idle.Count > MostOpen)
            {
                int oldest = _idle.Dequeue();
                if (_open.TryGetValue(oldest, out var idle) && idle.Users == 0 && _open.Remove(oldest)) idle.File.Dispose();
            }
        }
    }

    private int Find(long offset)
    {
        int index = Array.BinarySearch(_starts, offset);
        if (index < 0) index = Math.Max(~index - 1, 0);
        // Empty files begin where the next one does.
        while (index > 0 && _starts[index - 1] == offset) index--;
        return index;
    }

    private static long[] Starts(IReadOnlyList<long> sizes, long start)
    {
        long[] starts = new long[sizes.Count];
        for (int i = 0; i < starts.Length; start += sizes[i++]) starts[i] = start;
        return starts;
    }
}
