using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace LanCollab.Host.Net.Tls;

/// <summary>
/// AES-GCM of Intel's Multi-Buffer Crypto for IPsec (<c>libipsec-mb1</c>), which works on four blocks in a register where the processor can (VAES and VPCLMULQDQ with AVX-512): 11 GB/s for records of 16 KiB on a core on which OpenSSL 3.0
/// does 4.4 (docs/decisions/022). Where library or processor are not there, or it does not come to what .NET comes to, records are OpenSSL's.
/// </summary>
internal sealed unsafe class MultiBufferAead : RecordAead
{
    /// <summary>Debian's package.</summary>
    public const string Package = "libipsec-mb1";

    /// <summary>Its library.</summary>
    public const string Library = "libIPSec_MB.so.1";
    private const int Vaes = 1 << 9, Vpclmulqdq = 1 << 10; // CPUID 7.0, ECX

    /// <summary>Twice what its structures take, at their alignment: 1008 and 88 bytes in version 1.3. Each connection has two of both.</summary>
    private const nuint KeyRoom = 2048, TextRoom = 192, Alignment = 64;

    private static readonly Calls Aes128 = Find(128), Aes256 = Find(256);

    private readonly Calls _calls;
    private readonly bool _encrypts;
    private byte* _key, _text;

    /// <inheritdoc cref="RecordAead.Create"/>
    public MultiBufferAead(ReadOnlySpan<byte> key, bool encrypts)
    {
        (_calls, _encrypts) = (key.Length == 16 ? Aes128 : Aes256, encrypts);
        _key = (byte*)NativeMemory.AlignedAlloc(KeyRoom, Alignment);
        _text = (byte*)NativeMemory.AlignedAlloc(TextRoom, Alignment);
        fixed (byte* k = key) _calls.Prepare(k, _key);
    }

    /// <summary>The library's functions for one length of key; they take the key's tables, the state of a text, and what there is.</summary>
    private struct Calls
    {
        public delegate* unmanaged[SuppressGCTransition]<byte*, byte*, void> Prepare;
        public delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, void> Begin;
        public delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, void> Encrypt, Decrypt;
        public delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, ulong, void> EndEncrypted, EndDecrypted;
    }

    /// <summary>Whether it is there, and right.</summary>
    public static bool IsSupported { get; } = Aes128.EndDecrypted != null && Aes256.EndDecrypted != null && IsRight(16) && IsRight(32);

    public override void Begin(byte* nonce, byte* header, int length) => _calls.Begin(_key, _text, nonce, header, (ulong)length);

    public override void Take(byte* from, int count, byte* to)
    {
        if (count == 0) return;
        if (_encrypts) _calls.Encrypt(_key, _text, to, from, (ulong)count);
        else _calls.Decrypt(_key, _text, to, from, (ulong)count);
    }

    public override void Seal(byte* tag) => _calls.EndEncrypted(_key, _text, tag, RecordSuite.TagSize);

    public override bool IsSealed(byte* tag)
    {
        byte* own = stackalloc byte[RecordSuite.TagSize];
        _calls.EndDecrypted(_key, _text, own, RecordSuite.TagSize);
        return CryptographicOperations.FixedTimeEquals(new ReadOnlySpan<byte>(own, RecordSuite.TagSize), new ReadOnlySpan<byte>(tag, RecordSuite.TagSize));
    }

    public override void Free()
    {
        if (_key is null) return;
        CryptographicOperations.ZeroMemory(new Span<byte>(_key, (int)KeyRoom));
        CryptographicOperations.ZeroMemory(new Span<byte>(_text, (int)TextRoom));
        NativeMemory.AlignedFree(_key);
        NativeMemory.AlignedFree(_text);
        _key = _text = null;
    }

    private static Calls Find(int bits)
    {
        bool fits = OperatingSystem.IsLinux() && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512BW.VL.IsSupported && (X86Base.CpuId(7, 0).Ecx & (Vaes | Vpclmulqdq)) == (Vaes | Vpclmulqdq);
        if (!fits || !NativeLibrary.TryLoad(Library, typeof(MultiBufferAead).Assembly, null, out nint library)) return default;
        nint Address(string call) => NativeLibrary.TryGetExport(library, $"aes_gcm_{call}_vaes_avx512", out nint address) ? address : 0;
        var calls = new Calls
        {
            Prepare = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, void>)Address($"pre_{bits}"),
            Begin = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, void>)Address($"init_{bits}"),
            Encrypt = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, void>)Address($"enc_{bits}_update"),
            Decrypt = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, byte*, ulong, void>)Address($"dec_{bits}_update"),
            EndEncrypted = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, ulong, void>)Address($"enc_{bits}_finalize"),
            EndDecrypted = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, byte*, ulong, void>)Address($"dec_{bits}_finalize"),
        };
        bool all = calls.Prepare != null && calls.Begin != null && calls.Encrypt != null && calls.Decrypt != null && calls.EndEncrypted != null && calls.EndDecrypted != null;
        return all ? calls : default;
    }

    /// <summary>Looked at once before anything relies on it, with pieces as records have them.</summary>
    private static bool IsRight(int keyLength)
    {
        byte[] key = [.. Enumerable.Range(1, keyLength).Select(i => (byte)i)], nonce = [.. Enumerable.Range(50, RecordSuite.NonceSize).Select(i => (byte)i)], header = [23, 3, 3, 4, 0];
        byte[] text = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))], cipher = new byte[text.Length], tag = new byte[RecordSuite.TagSize];
        using (var known = new AesGcm(key, RecordSuite.TagSize)) known.Encrypt(nonce, text, cipher, tag, header);
        byte[] made = new byte[text.Length], madeTag = new byte[RecordSuite.TagSize], back = new byte[text.Length];
        MultiBufferAead encrypting = new(key, encrypts: true), decrypting = new(key, encrypts: false);
        bool opened;
        fixed (byte* n = nonce, h = header, t = text, m = made, mt = madeTag, c = cipher, ct = tag, b = back)
        {
            encrypting.Begin(n, h, header.Length);
            encrypting.Take(t, 999, m);
            encrypting.Take(t + 999, 1, m + 999);
            encrypting.Seal(mt);
            decrypting.Begin(n, h, header.Length);
            decrypting.Take(c, 999, b);
            decrypting.Take(c + 999, 1, b + 999);
            opened = decrypting.IsSealed(ct);
        }
        encrypting.Free();
        decrypting.Free();
        return opened && made.AsSpan().SequenceEqual(cipher) && madeTag.AsSpan().SequenceEqual(tag) && back.AsSpan().SequenceEqual(text);
    }
}
