using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace LanCollab.Plugins.Files;

/// <summary>
/// SHA-256 of two streams side by side on one core. Each round needs the result of the one before it, so that one stream alone leaves the processor's unit idle for
/// half of the time: a second one costs hardly anything (decision 017). Where the processor or the system does not allow it, everything is hashed one after the
/// other by <see cref="SHA256"/>.
/// </summary>
internal static unsafe partial class Sha256Pair
{
    /// <summary>Bytes that are taken in at a time.</summary>
    public const int Chunk = 64;

    private const int ShaExtensions = 1 << 29; // CPUID 7.0, EBX
    private const int ReadWrite = 3, ReadExecute = 5; // PROT_*
    private const int PrivateAnonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS

    private static readonly nint Memory = Prepare();

    /// <summary>Whether two streams are faster than one after the other.</summary>
    public static bool IsSupported { get; } = Memory != 0 && IsRight();

    /// <summary>The hashes of two blocks.</summary>
    public static (BlockHash First, BlockHash Second) Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        IsSupported && first.Length == second.Length ? Both(first, second) : (BlockHash.Of(first), BlockHash.Of(second));

    /// <summary>Takes whole chunks into two states.</summary>
    /// <param name="first">A state.</param>
    /// <param name="firstData">As long as <paramref name="secondData"/>; a multiple of <see cref="Chunk"/>.</param>
    /// <param name="second">Another state.</param>
    /// <param name="secondData">May be the same.</param>
    public static void TakeIn(ref Sha256State first, ReadOnlySpan<byte> firstData, ref Sha256State second, ReadOnlySpan<byte> secondData)
    {
        if (firstData.Length != secondData.Length || firstData.Length % Chunk != 0) throw new ArgumentException("Both need the same number of whole chunks.");
        if (firstData.IsEmpty) return;
        var code = (delegate* unmanaged<Sha256State*, Sha256State*, byte*, byte*, nint, nint, void>)(Memory + CodeAt);
        fixed (Sha256State* a = &first, b = &second)
        fixed (byte* dataA = firstData, dataB = secondData) code(a, b, dataA, dataB, firstData.Length / Chunk, Memory);
    }

    private static int CodeAt => Sha256Code.Constants.Length * sizeof(uint);

    private static (BlockHash First, BlockHash Second) Both(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Sha256State a = Sha256State.Initial, b = Sha256State.Initial;
        int whole = first.Length / Chunk * Chunk;
        TakeIn(ref a, first[..whole], ref b, second[..whole]);
        Span<byte> endOfFirst = stackalloc byte[2 * Chunk], endOfSecond = stackalloc byte[2 * Chunk];
        int end = Sha256State.Pad(first[whole..], first.Length, endOfFirst) * Chunk;
        Sha256State.Pad(second[whole..], second.Length, endOfSecond);
        TakeIn(ref a, endOfFirst[..end], ref b, endOfSecond[..end]);
        return (a.ToHash(), b.ToHash());
    }

    private static nint Prepare()
    {
        if (!OperatingSystem.IsLinux() || !Sse41.X64.IsSupported || (X86Base.CpuId(7, 0).Ebx & ShaExtensions) == 0) return 0;
        byte[] code = Sha256Code.Write();
        nuint length = (nuint)(CodeAt + code.Length);
        nint memory = Map(0, length, ReadWrite, PrivateAnonymous, -1, 0);
        if (memory == -1) return 0;
        MemoryMarshal.AsBytes(Sha256Code.Constants).CopyTo(new Span<byte>((void*)memory, CodeAt));
        code.CopyTo(new Span<byte>((void*)(memory + CodeAt), code.Length));
        // Never writable and executable at once; a system that allows neither goes without.
        return Protect(memory, length, ReadExecute) == 0 ? memory : 0;
    }

    /// <summary>Looked at once before anything relies on it: a wrong hash would be worse than a slow one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsRight()
    {
        byte[] content = [.. Enumerable.Range(0, 3 * Chunk).Select(i => (byte)(i * 7))];
        ReadOnlySpan<byte> first = content.AsSpan(0, 150), second = content.AsSpan(20, 150);
        return Both(first, second) == (BlockHash.Of(first), BlockHash.Of(second));
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);
}
