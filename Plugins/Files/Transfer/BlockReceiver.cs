using System.Security.Cryptography;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Where a transfer's bytes go.</summary>
internal interface IBlockSink
{
    /// <summary>Writes; the memory is valid until the task ends.</summary>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Called before an offset is acknowledged: makes all that was written last.</summary>
    ValueTask CommitAsync(CancellationToken cancellationToken);
}

/// <summary>
/// The receiving end of a transfer, on either side: takes blocks in their order, hashes and stores them, and says what to acknowledge.
/// One block at a time.
/// </summary>
/// <param name="size">Of the whole file, bytes.</param>
/// <param name="offset">Where the first block begins.</param>
/// <param name="hash">Has taken everything below <paramref name="offset"/>.</param>
/// <param name="window">The sender's; a quarter of it is acknowledged at a time, so the sender never runs dry.</param>
/// <param name="expected">The hash the whole must have, checked before the last block is written; null: the caller checks.</param>
/// <param name="sink">Takes the bytes.</param>
internal sealed class BlockReceiver(long size, long offset, IncrementalHash hash, int window, string? expected, IBlockSink sink)
{
    private readonly int _interval = Math.Max(window / 4, 1);

    /// <summary>The next byte that is missing.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Everything below is committed.</summary>
    public long Committed { get; private set; } = offset;

    /// <summary>True when all bytes are there.</summary>
    public bool IsComplete => Offset == size;

    /// <summary>Takes a block.</summary>
    /// <returns>True when <see cref="Committed"/> has grown and is to be acknowledged.</returns>
    /// <exception cref="ProtocolErrorException">It is not the next one, or goes beyond the size.</exception>
    /// <exception cref="HashMismatchException">It is the last one, and the whole is not what it should be.</exception>
    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = Check(frame);
        hash.AppendData(data.Span);
        if (Offset + data.Length == size) Verify();
        await sink.WriteAsync(Offset, data, cancellationToken).ConfigureAwait(false);
        Offset += data.Length;
        if (Offset - Committed < _interval && !IsComplete) return false;
        await sink.CommitAsync(cancellationToken).ConfigureAwait(false);
        Committed = Offset;
        return true;
    }

    /// <summary>Compares what was taken with the expected hash, if there is one.</summary>
    /// <exception cref="HashMismatchException">They differ.</exception>
    public void Verify()
    {
        if (expected is not null && !string.Equals(ContentHash.Hex(hash), expected, StringComparison.OrdinalIgnoreCase))
            throw new HashMismatchException(expected, ContentHash.Hex(hash));
    }

    private ReadOnlyMemory<byte> Check(ReadOnlyMemory<byte> frame)
    {
        (long at, ReadOnlyMemory<byte> data) = BlockLayout.Read(frame);
        if (at != Offset) throw new ProtocolErrorException($"A block begins at {at}; {Offset} was expected.");
        if (data.Length > size - at) throw new ProtocolErrorException($"A block ends at {at + data.Length}; the file has {size} bytes.");
        return data;
    }
}

/// <summary>All bytes came, and they are not the ones that were announced.</summary>
internal sealed class HashMismatchException(string expected, string actual)
    : Exception($"The content's SHA-256 is {actual}; {expected} was announced.");
