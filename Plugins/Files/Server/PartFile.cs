using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>An upload's bytes on the hub's disk while it comes in.</summary>
internal sealed class PartFile : IBlockSink, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash;
    private readonly Action<SafeFileHandle> _flush;

    private PartFile(SafeFileHandle file, IncrementalHash hash, Action<SafeFileHandle> flush, long offset, long size, int window)
    {
        (_file, _hash, _flush) = (file, hash, flush);
        Receiver = new BlockReceiver(size, offset, hash, window, expected: null, this);
    }

    /// <summary>Takes the blocks.</summary>
    public BlockReceiver Receiver { get; }

    /// <summary>The hash of what is there.</summary>
    public string Sha256 => ContentHash.Hex(_hash);

    /// <summary>
    /// Opens or makes it. What is in it counts: it is flushed before its length is told to anybody, and hashed again from the disk.
    /// </summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static async Task<PartFile> OpenAsync(string path, long size, int window, Action<SafeFileHandle> flush, CancellationToken cancellationToken)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, FileOptions.Asynchronous);
        try
        {
            long length = RandomAccess.GetLength(file);
            if (length > size) RandomAccess.SetLength(file, length = 0);
            await Task.Run(() => flush(file), cancellationToken).ConfigureAwait(false);
            IncrementalHash hash = await ContentHash.OfPrefixAsync(file, length, cancellationToken).ConfigureAwait(false);
            return new PartFile(file, hash, flush, length, size, window);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        RandomAccess.WriteAsync(_file, data, offset, cancellationToken);

    public ValueTask CommitAsync(CancellationToken cancellationToken) => new(Task.Run(() => _flush(_file), cancellationToken));

    /// <summary>
    /// After the disk has failed: keeps only what it had taken for good. The kernel may call pages clean that it could not write, so
    /// nothing beyond the last good flush can be trusted.
    /// </summary>
    public void CutToCommitted()
    {
        try
        {
            RandomAccess.SetLength(_file, Receiver.Committed);
        }
        catch (IOException)
        {
            // The disk fails here too; the hash of the whole tells at the end.
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }
}
