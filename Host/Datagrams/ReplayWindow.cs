namespace LanCollab.Host.Datagrams;

/// <summary>
/// Remembers the last 1024 packet numbers of one direction (RFC 4303 section 3.4.3, bitmap as in RFC 6479). To be asked only about authentic packets:
/// a forged number must not move the window.
/// </summary>
internal sealed class ReplayWindow
{
    public const int Size = 1024;
    private const int WordBits = 64;

    private readonly ulong[] _seen = new ulong[Size / WordBits];

    /// <summary>The highest number so far.</summary>
    public long Highest { get; private set; }

    /// <summary>True once for each number that is not older than the window.</summary>
    public bool TryAccept(long number)
    {
        if (number <= Highest - Size || number <= 0) return false;
        if (number > Highest) Advance(number);
        ref ulong word = ref _seen[number / WordBits % _seen.Length];
        ulong bit = 1UL << (int)(number % WordBits);
        if ((word & bit) != 0) return false;
        word |= bit;
        return true;
    }

    private void Advance(long number)
    {
        // Numbers in between have not been seen: clear their bits, whole window at most.
        if (number - Highest >= Size) Array.Clear(_seen);
        else for (long between = Highest + 1; between <= number; between++) _seen[between / WordBits % _seen.Length] &= ~(1UL << (int)(between % WordBits));
        Highest = number;
    }
}
