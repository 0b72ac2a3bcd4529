using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A block that has come in, in memory that goes back to <see cref="BlockBuffers"/> when all who work on it are done.</summary>
internal sealed class ReceivedBlock
{
    private readonly byte[] _buffer;
    private int _users = 1;

    private ReceivedBlock(byte[] buffer, ReadOnlyMemory<byte> data) => (_buffer, Data) = (buffer, data);

    /// <summary>The block's bytes, valid until the last release.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Called when the last one has released it.</summary>
    public Action? Released { get; init; }

    /// <summary>Keeps the frame that a channel has just received; for one user.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="frame">Its payload.</param>
    /// <param name="released">See <see cref="Released"/>.</param>
    public static ReceivedBlock Keep(IChannel channel, ReadOnlyMemory<byte> frame, Action? released = null)
    {
        ReadOnlyMemory<byte> kept = channel.Keep(frame, BlockBuffers.Shared.Rent());
        MemoryMarshal.TryGetArray(kept, out ArraySegment<byte> segment);
        return new ReceivedBlock(segment.Array!, kept[BlockLayout.DataAt..]) { Released = released };
    }

    /// <summary>One more user.</summary>
    public void Use() => Interlocked.Increment(ref _users);

    /// <summary>One user less.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;
        BlockBuffers.Shared.Return(_buffer);
        Released?.Invoke();
    }
}
