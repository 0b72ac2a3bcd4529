using System.Buffers.Binary;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Writes the machine code of <see cref="Sha256Pair"/>, since .NET 10 has no intrinsics for the SHA instructions of x64. One loop for each chunk of 64
/// bytes of two streams; registers, in the System V convention:
/// <code>
///  rdi, rsi   states      rdx, rcx   data       r8   chunks left      r9   constants: 64 words K, then the order of bytes
///  xmm0       W + K       xmm1, 2    abef, cdgh of the first stream    xmm3, 4    of the second
///  xmm5-8     W of the first stream, sixteen words           xmm9-12   of the second     xmm13   in between     xmm14   the order of bytes
/// </code>
/// The instructions' meaning: Intel, "SHA Extensions"; encodings: Intel SDM volume 2. Each group does four rounds of both streams, so that one
/// stream's instructions run while the other's wait for their results.
/// </summary>
internal sealed class Sha256Code
{
    private const int Rdi = 7, Rsi = 6, Rdx = 2, Rcx = 1, R9 = 9;
    private const int WordAndConstant = 0, Between = 13, Order = 14;
    private const int Groups = 16, Lane = 16;
    private const int UpperHalf = 0x0E;

    private static readonly Stream First = new(Rdi, Rdx, 1, 2, 5);
    private static readonly Stream Second = new(Rsi, Rcx, 3, 4, 9);

    private readonly List<byte> _code = new(4096);

    private sealed record Stream(int State, int Data, int Abef, int Cdgh, int FirstWord)
    {
        /// <summary>The register with the words of a group; four groups later it has others.</summary>
        public int Words(int group) => FirstWord + group % 4;
    }

    /// <summary>FIPS 180-4, 4.2.2.</summary>
    public static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        // Bytes within each word backwards.
        0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f,
    ];

    /// <summary>The routine; it lies anywhere.</summary>
    public static byte[] Write()
    {
        var code = new Sha256Code();
        code.Routine();
        return [.. code._code];
    }

    private void Routine()
    {
        Load(Order, R9, Groups * Lane);
        foreach (Stream stream in (Stream[])[First, Second])
        {
            Load(stream.Abef, stream.State, 0);
            Load(stream.Cdgh, stream.State, Lane);
        }
        int loop = _code.Count;
        for (int group = 0; group < Groups; group++)
        {
            Rounds(First, group);
            Rounds(Second, group);
        }
        foreach (Stream stream in (Stream[])[First, Second])
        {
            AddTo(stream.State, 0, stream.Abef);
            AddTo(stream.State, Lane, stream.Cdgh);
        }
        _code.AddRange([0x48, 0x83, 0xC2, Sha256Pair.Chunk]);                      // add rdx, 64
        _code.AddRange([0x48, 0x83, 0xC1, Sha256Pair.Chunk]);                      // add rcx, 64
        _code.AddRange([0x49, 0xFF, 0xC8, 0x0F, 0x85]);                            // dec r8; jnz loop
        Number(loop - (_code.Count + sizeof(int)));
        _code.Add(0xC3);                                                           // ret
    }

    private void Rounds(Stream stream, int group)
    {
        int words = stream.Words(group);
        if (group < 4)
        {
            Load(words, stream.Data, group * Lane);
            Both(0x66, [0x38, 0x00], words, Order);                                // pshufb
        }
        else Schedule(stream, group);
        Load(WordAndConstant, R9, group * Lane);
        Both(0x66, [0xFE], WordAndConstant, words);                                // paddd
        Both(0, [0x38, 0xCB], stream.Cdgh, stream.Abef);                           // sha256rnds2
        Both(0x66, [0x70], WordAndConstant, WordAndConstant, UpperHalf);           // pshufd
        Both(0, [0x38, 0xCB], stream.Abef, stream.Cdgh);                           // sha256rnds2
    }

    private void Schedule(Stream stream, int group)
    {
        int words = stream.Words(group), before = stream.Words(group - 1);
        Both(0, [0x38, 0xCC], words, stream.Words(group - 3));                     // sha256msg1
        Both(0x66, [0x6F], Between, before);                                       // movdqa
        Both(0x66, [0x3A, 0x0F], Between, stream.Words(group - 2), sizeof(uint));  // palignr
        Both(0x66, [0xFE], words, Between);                                        // paddd
        Both(0, [0x38, 0xCD], words, before);                                      // sha256msg2
    }

    private void AddTo(int state, int offset, int register)
    {
        Load(Between, state, offset);
        Both(0x66, [0xFE], register, Between);                                     // paddd
        Memory(0x7F, register, state, offset);                                     // movdqu
    }

    private void Load(int register, int address, int offset) => Memory(0x6F, register, address, offset); // movdqu

    private void Memory(byte operation, int register, int address, int offset)
    {
        Begin(0xF3, register, address);
        _code.Add(operation);
        _code.Add((byte)(0x80 | (register & 7) << 3 | (address & 7)));
        Number(offset);
    }

    private void Both(byte prefix, ReadOnlySpan<byte> operation, int target, int source, int? immediate = null)
    {
        Begin(prefix, target, source);
        _code.AddRange(operation);
        _code.Add((byte)(0xC0 | (target & 7) << 3 | (source & 7)));
        if (immediate is { } value) _code.Add((byte)value);
    }

    private void Begin(byte prefix, int first, int second)
    {
        if (prefix != 0) _code.Add(prefix);
        int extension = 0x40 | (first >> 3) << 2 | second >> 3;
        if (extension != 0x40) _code.Add((byte)extension);
        _code.Add(0x0F);
    }

    private void Number(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _code.AddRange(bytes);
    }
}
