using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// A binary frame of a transfer channel, both ways; big-endian:
/// <code>
///  0                8
/// +----------------+---------------------+
/// |   u64 offset   | 1 … chunk bytes     |
/// +----------------+---------------------+
/// </code>
/// The offset is that of the first byte within the file.
/// </summary>
internal static class BlockLayout
{
    public const int OffsetAt = 0;
    public const int DataAt = OffsetAt + sizeof(ulong);

    /// <summary>The most bytes of data in one block.</summary>
    public const int MaxData = 1024 * 1024;

    /// <summary>What we send: small enough that progress is smooth and a lost connection costs little.</summary>
    public const int Chunk = 256 * 1024;

    /// <summary>Writes the header; the data stands at <see cref="DataAt"/> already.</summary>
    public static void WriteHeader(Span<byte> frame, long offset) => BinaryPrimitives.WriteUInt64BigEndian(frame[OffsetAt..], (ulong)offset);

    /// <summary>Reads a block.</summary>
    /// <exception cref="ProtocolErrorException">Too short, empty, too long, or an offset that no file has.</exception>
    public static (long Offset, ReadOnlyMemory<byte> Data) Read(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length <= DataAt) throw new ProtocolErrorException($"A block of {frame.Length} bytes carries no data; its header alone has {DataAt}.");
        if (frame.Length - DataAt > MaxData) throw new ProtocolErrorException($"A block carries {frame.Length - DataAt} bytes; {MaxData} is the most.");
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(frame.Span[OffsetAt..]);
        if (offset > long.MaxValue) throw new ProtocolErrorException($"A block begins at {offset}; {long.MaxValue} is the most.");
        return ((long)offset, frame[DataAt..]);
    }
}
