using System.Collections.Concurrent;
using LanCollab.Plugins.Files;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// A file over a stream in blocks, two at a time in the same memory, which stays in the processor's cache. With hashes each block of a download comes behind its own, and one of an upload behind its checksum; they are
/// computed as this program does it: a checksum by whoever sends first; checked, and hashed in one pass with the whole, by the hub; by whoever fetches, two hashes beside each other.
/// </summary>
internal static class BareTransfer
{
    /// <summary>Of the blocks of what was received, by its path: it is sent with these.</summary>
    private static readonly ConcurrentDictionary<string, BlockHash[]> Known = new();

    /// <summary>Where a sender has hashes from.</summary>
    internal enum Hashes
    {
        None,

        /// <summary>Checksums.</summary>
        Made,
        Known,
    }

    public static void Send(Stream stream, string path, Hashes from)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long size = RandomAccess.GetLength(file);
        byte[] first = new byte[BlockLayout.Size], second = new byte[BlockLayout.Size];
        for (int block = 0; BlockLayout.Offset(block) < size; block += 2)
        {
            ReadOnlySpan<byte> one = Read(file, size, block, first), two = Read(file, size, block + 1, second);
            (BlockHash ofOne, BlockHash ofTwo) = from switch
            {
                Hashes.Made => (Checksum(one), Checksum(two)),
                Hashes.Known => (Known[path][block], two.IsEmpty ? default : Known[path][block + 1]),
                _ => default,
            };
            Send(stream, one, ofOne, from);
            if (!two.IsEmpty) Send(stream, two, ofTwo, from);
        }
    }

    /// <exception cref="InvalidDataException">A block is not what its hash says.</exception>
    public static void Receive(Stream stream, string path, long size, bool hashed, bool whole)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        using var running = new RunningHash();
        byte[] first = new byte[BlockLayout.Size], second = new byte[BlockLayout.Size];
        var hashes = new BlockHash[BlockLayout.Count(size)];
        for (int block = 0; block < hashes.Length; block += 2)
        {
            ReadOnlySpan<byte> one = Receive(stream, size, block, hashed, hashes, first);
            if (hashed && whole) hashes[block] = Checked(running, one, hashes[block]);
            ReadOnlySpan<byte> two = block + 1 < hashes.Length ? Receive(stream, size, block + 1, hashed, hashes, second) : default;
            if (hashed && whole && !two.IsEmpty) hashes[block + 1] = Checked(running, two, hashes[block + 1]);
            if (hashed && !whole) Check(one, hashes[block], two, two.IsEmpty ? default : hashes[block + 1]);
            RandomAccess.Write(file, one, BlockLayout.Offset(block));
            RandomAccess.Write(file, two, BlockLayout.Offset(block + 1));
        }
        if (hashed && whole) Keep(path, hashes);
    }

    /// <summary>A block's checksum, in the place of a hash.</summary>
    public static BlockHash Checksum(ReadOnlySpan<byte> data)
    {
        BlockChecksum sum = BlockChecksum.Of(data);
        return new BlockHash(sum.A, sum.B, 0, 0);
    }

    /// <summary>Takes a block in that is what its checksum says.</summary>
    /// <returns>Its hash.</returns>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static BlockHash Checked(RunningHash whole, ReadOnlySpan<byte> data, BlockHash checksum) =>
        Checksum(data) == checksum ? whole.AppendAndHash(data) : throw new InvalidDataException("A block came wrong.");

    private static void Check(ReadOnlySpan<byte> one, BlockHash first, ReadOnlySpan<byte> two, BlockHash second)
    {
        (BlockHash ofOne, BlockHash ofTwo) = Sha256Pair.Of(one, two);
        if (ofOne != first || (!two.IsEmpty && ofTwo != second)) throw new InvalidDataException("A block came wrong.");
    }

    /// <summary>These are the hashes of what was received.</summary>
    public static void Keep(string path, BlockHash[] hashes) => Known[path] = hashes;

    /// <summary>A block of a file; empty behind its end.</summary>
    public static ReadOnlySpan<byte> Read(SafeFileHandle file, long size, int block, byte[] buffer)
    {
        if (BlockLayout.Offset(block) >= size) return default;
        Span<byte> data = buffer.AsSpan(0, BlockLayout.Length(size, block));
        FileContent.ReadWhole(file, BlockLayout.Offset(block), data);
        return data;
    }

    /// <summary>Sends a block, behind its hash.</summary>
    public static void Send(Stream stream, ReadOnlySpan<byte> data, BlockHash hash, Hashes from)
    {
        if (from != Hashes.None) stream.Write(hash.ToArray());
        stream.Write(data);
    }

    /// <summary>Receives a block, and its hash into its place.</summary>
    public static ReadOnlySpan<byte> Receive(Stream stream, long size, int block, bool hashed, BlockHash[] hashes, byte[] buffer)
    {
        Span<byte> hash = stackalloc byte[BlockHash.Bytes];
        if (hashed) stream.ReadExactly(hash);
        hashes[block] = BlockHash.Read(hash);
        Span<byte> data = buffer.AsSpan(0, BlockLayout.Length(size, block));
        stream.ReadExactly(data);
        return data;
    }
}
