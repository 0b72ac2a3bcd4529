using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>How much each person may ask of the hub. A person's buckets outlast channels and seats: who comes again has not got new ones.</summary>
internal sealed class Limits(ILiveOptions<ChatOptions> options, TimeProvider time, ILogger log)
{
    /// <summary>People whose buckets are kept; beyond it those who asked for nothing lately are forgotten.</summary>
    private const int MaxPeople = 4096;

    /// <summary>After so long without asking every bucket is full again.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Buckets> _people = new(StringComparer.Ordinal);
    private ChatOptions? _made;

    private sealed class Buckets(ChatOptions options, TimeProvider time)
    {
        public readonly TokenBucket Posts = new(options.LinesPerSecond, options.Burst, time);
        public readonly TokenBucket Reads = new(options.ReadsPerSecond, options.ReadsPerSecond * 10, time);
        public readonly TokenBucket Searches = new(options.SearchesPerSecond, options.SearchesPerSecond * 5, time);
        public readonly TokenBucket Typing = new(1, 3, time);
        public long Used = time.GetTimestamp();
    }

    /// <summary>A line or a change.</summary>
    /// <exception cref="UserErrorException"><c>throttled</c>, with the time to wait.</exception>
    public void Post(Peer person) => Take(person, b => b.Posts);

    /// <summary>A page of history, or the list of people.</summary>
    /// <exception cref="UserErrorException"><c>throttled</c>, with the time to wait.</exception>
    public void Read(Peer person) => Take(person, b => b.Reads);

    /// <summary>A search.</summary>
    /// <exception cref="UserErrorException"><c>throttled</c>, with the time to wait.</exception>
    public void Search(Peer person) => Take(person, b => b.Searches);

    /// <summary>False: too many signs of typing; nobody needs to know.</summary>
    public bool Type(Peer person) => Wait(person, b => b.Typing) is null;

    private void Take(Peer person, Func<Buckets, TokenBucket> which)
    {
        if (Wait(person, which) is not { } wait) return;
        ChatLog.Throttled(log, person.ToString(), wait);
        throw new UserErrorException("throttled", "That is too much at once; wait a moment.") { RetryAfter = wait };
    }

    private TimeSpan? Wait(Peer person, Func<Buckets, TokenBucket> which)
    {
        lock (_gate)
        {
            Buckets buckets = Of(person.Person);
            buckets.Used = time.GetTimestamp();
            return which(buckets).Take();
        }
    }

    private Buckets Of(string person)
    {
        // Other limits than those the buckets were made for: all begin anew.
        if (_made != options.Current) _people.Clear();
        _made = options.Current;
        if (_people.TryGetValue(person, out Buckets? known)) return known;
        if (_people.Count >= MaxPeople) Forget();
        return _people[person] = new Buckets(_made, time);
    }

    private void Forget()
    {
        foreach (string idle in _people.Where(p => time.GetElapsedTime(p.Value.Used) > Idle).Select(p => p.Key).ToArray()) _people.Remove(idle);
    }
}
