using System.Net;
using LanCollab.Contracts;

namespace LanCollab.Host.Discovery;

/// <summary>What to do with a probe.</summary>
internal enum AnswerDecision
{
    /// <summary>Answer it.</summary>
    Answer,

    /// <summary>Too many ask: one announcement serves them all.</summary>
    Announce,

    /// <summary>Say nothing.</summary>
    Ignore,
}

/// <summary>
/// At most 10 answers a second altogether, and at most 4 a second (8 at once) to one address, so that who asks without end takes nobody else's
/// place. Who gets none is served by an announcement, at most one a second, together with all others who got none. Not for several threads at a
/// time.
/// </summary>
internal sealed class AnswerLimits(TimeProvider time)
{
    public const int PerSecond = 10;
    private const int PerAddress = 4, PerAddressAtOnce = 8, MostAddresses = 256, MostNonces = 256;

    private readonly TokenBucket _all = new(PerSecond, PerSecond, time);
    private readonly TokenBucket _announcements = new(1, 1, time);
    private readonly Dictionary<IPAddress, TokenBucket> _addresses = [];
    private readonly HashSet<(IPAddress, ulong)> _answered = [];
    private readonly Queue<(IPAddress, ulong)> _order = [];

    public AnswerDecision Decide(IPAddress from, ulong nonce)
    {
        // One round of a client comes by group and by broadcast: one answer is enough.
        if (_answered.Contains((from, nonce))) return AnswerDecision.Ignore;
        if (Bucket(from).Take() is not null) return AnswerDecision.Ignore;
        if (_all.Take() is not null) return _announcements.Take() is null ? AnswerDecision.Announce : AnswerDecision.Ignore;
        Remember((from, nonce));
        return AnswerDecision.Answer;
    }

    private TokenBucket Bucket(IPAddress from)
    {
        if (_addresses.TryGetValue(from, out TokenBucket? bucket)) return bucket;
        // Full: forged addresses, most likely. All begin anew; the limit on all together holds.
        if (_addresses.Count >= MostAddresses) _addresses.Clear();
        return _addresses[from] = new TokenBucket(PerAddress, PerAddressAtOnce, time);
    }

    private void Remember((IPAddress, ulong) probe)
    {
        if (_order.Count >= MostNonces) _answered.Remove(_order.Dequeue());
        _answered.Add(probe);
        _order.Enqueue(probe);
    }
}
