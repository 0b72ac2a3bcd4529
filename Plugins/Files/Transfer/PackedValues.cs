using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Hashes and checksums as bytes; and those of some blocks, one after the other, in base64, as they stand on the wire.</summary>
internal static class PackedValues
{
    /// <summary>The bytes of one.</summary>
    public static byte[] Bytes<T>(in T value) where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    /// <summary>As text.</summary>
    public static string Pack<T>(ReadOnlySpan<T> values) where T : unmanaged => Convert.ToBase64String(MemoryMarshal.AsBytes(values));

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <param name="text">From the wire.</param>
    /// <param name="field">The field's name, for the complaint.</param>
    /// <exception cref="UserErrorException"><c>bad-request</c>.</exception>
    public static unsafe T[] Unpack<T>(string text, string field) where T : unmanaged
    {
        byte[] bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out int length) || length % sizeof(T) != 0)
            throw new UserErrorException("bad-request", $"{field} must be base64 of {sizeof(T)} bytes for each block.");
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(0, length)).ToArray();
    }
}
