using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LanCollab.Plugins.Files;

/// <summary>The eight words of SHA-256 (FIPS 180-4) in the order in which the processor's instructions hold them: f, e, b, a, h, g, d, c.</summary>
[InlineArray(Words)]
internal struct Sha256State
{
    private const int Words = 8;

    // Where a, b, … h stand.
    private static ReadOnlySpan<byte> Places => [3, 2, 7, 6, 1, 0, 5, 4];

    private uint _first;

    /// <summary>Before the first byte.</summary>
    public static Sha256State Initial
    {
        get
        {
            var state = new Sha256State();
            ((ReadOnlySpan<uint>)[0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667, 0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372]).CopyTo(state);
            return state;
        }
    }

    /// <summary>The hash, when the padding has been taken in.</summary>
    public readonly BlockHash ToHash()
    {
        Span<byte> hash = stackalloc byte[BlockHash.Bytes];
        for (int word = 0; word < Words; word++) BinaryPrimitives.WriteUInt32BigEndian(hash[(word * sizeof(uint))..], this[Places[word]]);
        return BlockHash.Read(hash);
    }

    /// <summary>The end of a stream: its last bytes, padded.</summary>
    /// <param name="rest">What is left behind the last whole chunk.</param>
    /// <param name="length">Bytes of the whole stream.</param>
    /// <param name="chunks">Room for two chunks.</param>
    /// <returns>How many chunks.</returns>
    public static int Pad(ReadOnlySpan<byte> rest, long length, Span<byte> chunks)
    {
        int count = rest.Length + 1 + sizeof(long) > Sha256Pair.Chunk ? 2 : 1;
        chunks.Clear();
        rest.CopyTo(chunks);
        chunks[rest.Length] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(chunks[(count * Sha256Pair.Chunk - sizeof(long))..], length * 8);
        return count;
    }
}
