namespace LanCollab.Plugins.Screen;

/// <summary>The CRC of PNG chunks (W3C PNG, annex D): polynomial 0xEDB88320, reflected, inverted at both ends.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = Make();

    /// <summary>Goes on with a CRC over more bytes; 0 starts one.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint value = ~crc;
        foreach (byte b in bytes) value = Table[(byte)(value ^ b)] ^ (value >> 8);
        return ~value;
    }

    private static uint[] Make()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
