using System.Collections.Concurrent;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Buffers of one frame each, used again and again: a page of memory that was touched before is several times faster than a fresh one, and
/// the collector never sees a megabyte go. What is beyond the limit is left to it.
/// </summary>
internal sealed class BlockBuffers(int kept)
{
    /// <summary>A frame with a block and some more, so that a channel can go on with it for one of its own (see <see cref="IChannel.Keep"/>).</summary>
    public const int Length = FrameLimits.Block + 1024;

    private readonly ConcurrentStack<byte[]> _free = new();

    /// <summary>For all transfers of this process.</summary>
    public static BlockBuffers Shared { get; } = new(48);

    /// <summary>A buffer with any content.</summary>
    public byte[] Rent() => _free.TryPop(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Length);

    /// <summary>Gives it back; nobody may look at it any more.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length >= Length && _free.Count < kept) _free.Push(buffer);
    }
}
