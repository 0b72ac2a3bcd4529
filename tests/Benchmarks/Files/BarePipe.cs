using System.Collections.Concurrent;
using LanCollab.Plugins.Files;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// An upload as <see cref="BareTransfer"/> does it with hashes, on two threads at either end: what is read and summed is sent by another thread, and what is received is hashed and written by another,
/// through <see cref="Depth"/> blocks of memory. So one upload has both cores, as one of this program has.
/// </summary>
internal static class BarePipe
{
    /// <summary>Pieces of memory between two threads; the one that was free last is taken first, since it is still in the processor's cache.</summary>
    private const int Depth = 6;

    private sealed class Slot(int blocks)
    {
        public byte[][] Data { get; } = [.. Enumerable.Range(0, blocks).Select(_ => new byte[BlockLayout.Size])];

        public int[] Lengths { get; } = new int[blocks];

        public BlockHash[] Hashes { get; } = new BlockHash[blocks];

        public int Block { get; set; }

        public ReadOnlySpan<byte> this[int number] => Data[number].AsSpan(0, Lengths[number]);
    }

    public static void Send(Stream stream, string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        long size = RandomAccess.GetLength(file);
        Run(2, fill: (free, full) =>
        {
            for (int block = 0; block < BlockLayout.Count(size); block += 2)
            {
                Slot slot = free.Take();
                for (int i = 0; i < 2; i++) slot.Lengths[i] = BareTransfer.Read(file, size, block + i, slot.Data[i]).Length;
                (slot.Hashes[0], slot.Hashes[1]) = (BareTransfer.Checksum(slot[0]), BareTransfer.Checksum(slot[1]));
                full.Add(slot);
            }
        }, drain: slot =>
        {
            for (int i = 0; i < 2 && slot.Lengths[i] > 0; i++) BareTransfer.Send(stream, slot[i], slot.Hashes[i], BareTransfer.Hashes.Made);
        });
    }

    /// <exception cref="InvalidDataException">A block is not what its hash says.</exception>
    public static void Receive(Stream stream, string path, long size)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        using var running = new RunningHash();
        var hashes = new BlockHash[BlockLayout.Count(size)];
        Run(1, fill: (free, full) =>
        {
            for (int block = 0; block < hashes.Length; block++)
            {
                Slot slot = free.Take();
                slot.Block = block;
                slot.Lengths[0] = BareTransfer.Receive(stream, size, block, hashed: true, hashes, slot.Data[0]).Length;
                full.Add(slot);
            }
        }, drain: slot =>
        {
            hashes[slot.Block] = BareTransfer.Checked(running, slot[0], hashes[slot.Block]);
            RandomAccess.Write(file, slot[0], BlockLayout.Offset(slot.Block));
        });
        BareTransfer.Keep(path, hashes);
    }

    /// <summary>Fills slots on this thread and drains them, in their order, on another.</summary>
    private static void Run(int blocks, Action<BlockingCollection<Slot>, BlockingCollection<Slot>> fill, Action<Slot> drain)
    {
        using var free = new BlockingCollection<Slot>(new ConcurrentStack<Slot>());
        using var full = new BlockingCollection<Slot>();
        for (int i = 0; i < Depth; i++) free.Add(new Slot(blocks));
        Task draining = BareEnd.OnItsOwn(() => Drain(free, full, drain));
        try
        {
            fill(free, full);
        }
        catch (InvalidOperationException) when (free.IsAddingCompleted)
        {
            // The other thread has failed, and tells below.
        }
        finally
        {
            full.CompleteAdding();
            draining.GetAwaiter().GetResult();
        }
    }

    private static void Drain(BlockingCollection<Slot> free, BlockingCollection<Slot> full, Action<Slot> drain)
    {
        try
        {
            foreach (Slot slot in full.GetConsumingEnumerable())
            {
                drain(slot);
                free.Add(slot);
            }
        }
        finally
        {
            // Nobody waits for memory that comes back no more.
            free.CompleteAdding();
        }
    }
}
