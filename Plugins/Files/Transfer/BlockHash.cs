using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The SHA-256 of a block, as a value.</summary>
internal readonly record struct BlockHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bytes = 32;

    /// <summary>Computes it.</summary>
    public static BlockHash Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(data, hash);
        return Read(hash);
    }

    /// <summary>Reads 32 bytes.</summary>
    public static BlockHash Read(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<BlockHash>(bytes);

    /// <summary>As 32 bytes.</summary>
    public byte[] ToArray() => PackedValues.Bytes(in this);

    /// <inheritdoc />
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <summary>Hashes one after the other, for the wire.</summary>
    public static string Pack(ReadOnlySpan<BlockHash> hashes) => PackedValues.Pack(hashes);

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public static BlockHash[] Unpack(string text) => PackedValues.Unpack<BlockHash>(text, "sha256");

    /// <summary>The hash over all hashes, as 64 hex digits.</summary>
    public static string Root(ReadOnlySpan<BlockHash> hashes) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(hashes)));
}
