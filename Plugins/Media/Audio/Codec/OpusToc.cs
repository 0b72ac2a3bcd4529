namespace LanCollab.Plugins.Media.Audio.Codec;

/// <summary>
/// What the first bytes of an Opus packet say without decoding it (RFC 6716, 3.1 and 3.2).
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// | config  |s| c |   s: two channels; c: 0 one frame, 1 and 2 two of them, 3 as many as the next byte's lower six bits say
/// +-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
internal static class OpusToc
{
    private const int StereoBit = 0x04;
    private const int FirstHybrid = 12, FirstCelt = 16; // configurations

    /// <summary>Samples of a frame, by the two lower bits of the configuration.</summary>
    private static ReadOnlySpan<short> Silk => [480, 960, 1920, 2880];

    private static ReadOnlySpan<short> Celt => [120, 240, 480, 960];

    /// <summary>True when it was coded in two channels.</summary>
    public static bool IsStereo(ReadOnlySpan<byte> opus) => !opus.IsEmpty && (opus[0] & StereoBit) != 0;

    /// <summary>Samples of each channel, at 48 kHz; 0 for none.</summary>
    public static int Samples(ReadOnlySpan<byte> opus)
    {
        if (opus.IsEmpty) return 0;
        int config = opus[0] >> 3;
        int each = config >= FirstCelt ? Celt[config & 3] : config >= FirstHybrid ? Silk[config & 1] : Silk[config & 3];
        return each * (opus[0] & 3) switch { 0 => 1, 3 => opus.Length > 1 ? opus[1] & 0x3F : 0, _ => 2 };
    }
}
