using System.Buffers.Binary;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// A content is cut into blocks of 1 MiB; the last one has what is left. A binary frame of a transfer channel, both ways; big-endian:
/// <code>
///  0                4
/// +----------------+------------------+
/// |   u32 block    | the block's bytes |
/// +----------------+------------------+
/// </code>
/// </summary>
internal static class BlockLayout
{
    public const int BlockAt = 0;
    public const int DataAt = BlockAt + sizeof(uint);

    /// <summary>Bytes of every block but the last.</summary>
    public const int Size = 1024 * 1024;

    /// <summary>The most blocks of one content, 1 PiB.</summary>
    public const int MaxBlocks = 1 << 30;

    /// <summary>How many blocks a content has; none when it is empty.</summary>
    public static int Count(long size) => checked((int)((size + Size - 1) / Size));

    /// <summary>Bytes of one block.</summary>
    public static int Length(long size, int block) => (int)Math.Min(Size, size - Offset(block));

    /// <summary>Where a block begins.</summary>
    public static long Offset(int block) => (long)block * Size;

    /// <summary>Writes the header; the data stands at <see cref="DataAt"/> already.</summary>
    public static void WriteHeader(Span<byte> frame, int block) => BinaryPrimitives.WriteUInt32BigEndian(frame[BlockAt..], (uint)block);

    /// <summary>Reads a block of a content.</summary>
    /// <exception cref="ProtocolErrorException">There is no such block, or it has another length.</exception>
    public static (int Block, ReadOnlyMemory<byte> Data) Read(ReadOnlyMemory<byte> frame, long size)
    {
        if (frame.Length <= DataAt) throw new ProtocolErrorException($"A block of {frame.Length} bytes carries no data; its header alone has {DataAt}.");
        uint block = BinaryPrimitives.ReadUInt32BigEndian(frame.Span[BlockAt..]);
        int count = Count(size);
        if (block >= count) throw new ProtocolErrorException($"Block {block} is beyond the end; the content of {size} bytes has {count}.");
        int length = Length(size, (int)block);
        if (frame.Length - DataAt != length) throw new ProtocolErrorException($"Block {block} has {frame.Length - DataAt} bytes; {length} were expected.");
        return ((int)block, frame[DataAt..]);
    }
}
