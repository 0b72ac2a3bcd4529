namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Finds out by the packet numbers of a hop what did not come, when to ask for it, and when to stop. For one thread at a time.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class GapDetector(TimeProvider time)
{
    /// <summary>A packet is not waited for longer than this and a round trip: by then its frame is late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>A jump by more is no loss but another count, or nonsense.</summary>
    public const int LongestJump = 2048;

    private const int MostMissing = 512, MostTries = 8;
    // What overtakes by less was not lost.
    private const int Overtaking = 3;
    private const int Doubtful = 32;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5), Slack = TimeSpan.FromMilliseconds(6);

    private readonly List<Missed> _missed = [];
    private uint _newest;
    private bool _any;
    private int _strange;

    /// <summary>Packets that came by themselves.</summary>
    public uint Received { get; private set; }

    /// <summary>Packets that were asked for.</summary>
    public uint Missing { get; private set; }

    /// <summary>Packets that came after they were asked for.</summary>
    public long Recovered { get; private set; }

    /// <summary>Packets that never came.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Numbers that were thrown away because they were far from all others.</summary>
    public long Strange { get; private set; }

    /// <summary>The newest number, and when it came.</summary>
    public (uint Number, long At) Newest { get; private set; }

    /// <summary>True while something is missing.</summary>
    public bool IsWaiting => _missed.Count > 0;

    /// <summary>Takes a packet's number.</summary>
    /// <returns>False when it is so far from the others that it is not to be believed.</returns>
    public bool Note(uint number)
    {
        int step = _any ? (int)(number - _newest) : 1;
        if (step is > LongestJump or < -LongestJump) return IsNewCount(number);
        _strange = 0;
        long now = time.GetTimestamp();
        if (step <= 0)
        {
            Fill(number);
            return true;
        }
        Received++;
        if (_any) Miss(_newest + 1, number, now);
        (_newest, _any, Newest) = (number, true, (number, now));
        return true;
    }

    /// <summary>Packets up to this number were sent, though none of them nor any later one has come.</summary>
    public void Expect(uint number)
    {
        if (!_any || (int)(number - _newest) is <= 0 or > LongestJump) return;
        long now = time.GetTimestamp();
        Miss(_newest + 1, number + 1, now);
        _newest = number;
    }

    /// <summary>Which packets to ask for now; gives up those that would be late.</summary>
    /// <param name="roundTrip">Of the hop.</param>
    /// <param name="numbers">Filled, in rising order.</param>
    /// <returns>How many.</returns>
    public int Due(TimeSpan roundTrip, Span<uint> numbers)
    {
        if (_missed.Count == 0) return 0;
        long now = time.GetTimestamp();
        GiveUp(Patience + roundTrip, now);
        int count = 0;
        for (int i = 0; i < _missed.Count && count < numbers.Length; i++)
        {
            Missed missed = _missed[i];
            bool due = missed.Tries == 0
                ? _newest - missed.Number >= Overtaking || time.GetElapsedTime(missed.Since, now) >= Soon
                : time.GetElapsedTime(missed.AskedAt, now) >= roundTrip + Slack;
            if (!due) continue;
            if (missed.Tries == 0) Missing++;
            _missed[i] = missed with { Tries = missed.Tries + 1, AskedAt = now };
            numbers[count++] = missed.Number;
        }
        return count;
    }

    /// <summary>True while a packet before this number is waited for.</summary>
    public bool MayCome(uint before)
    {
        foreach (Missed missed in _missed)
            if ((int)(missed.Number - before) < 0) return true;
        return false;
    }

    // In a method of its own: what a lambda captures is allocated where its method begins, and Due is called with each packet.
    private void GiveUp(TimeSpan after, long now) =>
        GivenUp += _missed.RemoveAll(m => m.Tries >= MostTries || time.GetElapsedTime(m.Since, now) > after);

    // The other end counts anew: only when many in a row say so.
    private bool IsNewCount(uint number)
    {
        Strange++;
        if (++_strange < Doubtful) return false;
        GivenUp += _missed.Count;
        _missed.Clear();
        (_newest, _strange) = (number, 0);
        return true;
    }

    private void Miss(uint from, uint to, long now)
    {
        for (uint number = from; number != to && _missed.Count < MostMissing; number++) _missed.Add(new Missed(number, now, 0, 0));
    }

    private void Fill(uint number)
    {
        int at = _missed.Count - 1;
        while (at >= 0 && _missed[at].Number != number) at--;
        if (at < 0) return;
        if (_missed[at].Tries > 0) Recovered++;
        else Received++;
        _missed.RemoveAt(at);
    }

    private readonly record struct Missed(uint Number, long Since, long AskedAt, int Tries);
}
