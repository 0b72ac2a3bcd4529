using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Files;

/// <summary>
/// The XXH128 of a block, as a value, in its canonical order of bytes. It tells blocks apart that differ by accident, for a tenth of what SHA-256 costs; whoever wants to can make two blocks that share it.
/// So it says that a block came as it was sent and that it <em>may</em> be known, and never that it is: that takes its <see cref="BlockHash"/>.
/// </summary>
internal readonly record struct BlockChecksum(ulong A, ulong B)
{
    public const int Bytes = 16;

    /// <summary>Computes it.</summary>
    public static BlockChecksum Of(ReadOnlySpan<byte> data)
    {
        Span<byte> sum = stackalloc byte[Bytes];
        XxHash128.Hash(data, sum);
        return Read(sum);
    }

    /// <summary>Reads 16 bytes.</summary>
    public static BlockChecksum Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<BlockChecksum>(bytes);

    /// <summary>As 16 bytes.</summary>
    public byte[] ToArray() => PackedValues.Bytes(in this);
}
