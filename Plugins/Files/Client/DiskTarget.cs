using System.Security.Cryptography;
using LanCollab.Contracts;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>The unfinished file of a download on this machine's disk.</summary>
internal sealed class DiskTarget : IBlockSink, IDisposable
{
    private readonly SafeFileHandle _file;

    private DiskTarget(SafeFileHandle file, IncrementalHash hash, long offset) => (_file, Hash, Offset) = (file, hash, offset);

    /// <summary>Has taken what is there.</summary>
    public IncrementalHash Hash { get; }

    /// <summary>How much is there.</summary>
    public long Offset { get; }

    /// <summary>Opens a part that is there already.</summary>
    /// <exception cref="UserErrorException"><c>local-disk</c>.</exception>
    public static Task<DiskTarget> OpenAsync(string part, long size, CancellationToken cancellationToken) => LocalAsync(async () =>
    {
        SafeFileHandle file = File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, FileOptions.Asynchronous);
        try
        {
            long length = RandomAccess.GetLength(file);
            // Longer than the file, or as long without having been published: something is wrong with it.
            if (length > size) RandomAccess.SetLength(file, length = 0);
            return new DiskTarget(file, await ContentHash.OfPrefixAsync(file, length, cancellationToken).ConfigureAwait(false), length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Throws away what is there.</summary>
    public void Clear() => RandomAccess.SetLength(_file, 0);

    /// <summary>Makes it last.</summary>
    public void Flush() => Durable.Flush(_file);

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => await LocalAsync(async () =>
    {
        await RandomAccess.WriteAsync(_file, data, offset, cancellationToken).ConfigureAwait(false);
        return 0;
    }).ConfigureAwait(false);

    // A kill keeps what was written; after a power cut the hash tells. One flush at the end is enough.
    public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Dispose()
    {
        _file.Dispose();
        Hash.Dispose();
    }

    /// <summary>Does work on this machine's disk, whose failure is no lost connection.</summary>
    public static async Task<T> LocalAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException("local-disk", $"This machine's disk does not take the file: {e.Message}");
        }
    }
}
