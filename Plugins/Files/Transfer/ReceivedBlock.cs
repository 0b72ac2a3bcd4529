using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A block that has come in, in memory that goes back to <see cref="BlockBuffers"/> when whoever works on it is done.</summary>
internal sealed class ReceivedBlock
{
    private readonly byte[] _buffer;

    private ReceivedBlock(byte[] buffer, ReadOnlyMemory<byte> data) => (_buffer, Data) = (buffer, data);

    /// <summary>The block's bytes, valid until it is released.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Called when it is released.</summary>
    public Action? Released { get; init; }

    /// <summary>Keeps the frame that a channel has just received.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="frame">Its payload.</param>
    /// <param name="released">See <see cref="Released"/>.</param>
    public static ReceivedBlock Keep(IChannel channel, ReadOnlyMemory<byte> frame, Action? released = null)
    {
        ReadOnlyMemory<byte> kept = channel.Keep(frame, BlockBuffers.Shared.Rent());
        MemoryMarshal.TryGetArray(kept, out ArraySegment<byte> segment);
        return new ReceivedBlock(segment.Array!, kept[BlockLayout.DataAt..]) { Released = released };
    }

    /// <summary>Gives the memory back; once.</summary>
    public void Release()
    {
        BlockBuffers.Shared.Return(_buffer);
        Released?.Invoke();
    }
}
