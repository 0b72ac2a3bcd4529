using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Screen;

/// <summary>The CRC of PNG chunks (W3C PNG, annex D): polynomial 0xEDB88320, reflected, inverted at both ends; eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Slices = 8;

    private static readonly uint[] Table = Make();

    /// <summary>Goes on with a CRC over more bytes; 0 starts one.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint value = ~crc;
        ReadOnlySpan<uint> table = Table;
        if (BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
            foreach (ulong word in words)
            {
                uint low = value ^ (uint)word, high = (uint)(word >> 32);
                value = table[7 * 256 + (byte)low] ^ table[6 * 256 + (byte)(low >> 8)] ^ table[5 * 256 + (byte)(low >> 16)] ^ table[4 * 256 + (int)(low >> 24)]
                    ^ table[3 * 256 + (byte)high] ^ table[2 * 256 + (byte)(high >> 8)] ^ table[256 + (byte)(high >> 16)] ^ table[(int)(high >> 24)];
            }
            bytes = bytes[(words.Length * sizeof(ulong))..];
        }
        foreach (byte b in bytes) value = table[(byte)(value ^ b)] ^ (value >> 8);
        return ~value;
    }

    private static uint[] Make()
    {
        var table = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        for (int i = 256; i < table.Length; i++) table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        return table;
    }
}
