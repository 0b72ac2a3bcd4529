using System.Net;

namespace LanCollab.Plugins.Session;

/// <summary>
/// Slows guessing down: each address has a bucket of wrong passwords that refills with time (monotonic). Not thread-safe.
/// </summary>
/// <param name="burst">Wrong passwords in a row.</param>
/// <param name="every">Time after which one more is allowed.</param>
/// <param name="time">The clock.</param>
internal sealed class PasswordThrottle(int burst, TimeSpan every, TimeProvider time)
{
    // Beyond this many guessing addresses the rest share one bucket: memory stays bounded and guessing stays slow.
    private const int MaxAddresses = 4096;

    private readonly Dictionary<IPAddress, (double Spent, long At)> _spent = [];
    private long _forgotAt = time.GetTimestamp();

    /// <summary>Lets an attempt pass, or says how long to wait.</summary>
    /// <exception cref="UserErrorException"><c>throttled</c>.</exception>
    public void Check(IPAddress address)
    {
        double over = Spent(Key(address)) - (burst - 1);
        if (over <= 0) return;
        TimeSpan wait = over * every;
        int seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        throw new UserErrorException("throttled", $"Too many wrong passwords; wait {seconds} s and try again.") { RetryAfter = wait };
    }

    /// <summary>Counts a wrong password.</summary>
    public void Wrong(IPAddress address)
    {
        IPAddress key = Key(address);
        _spent[key] = (Spent(key) + 1, time.GetTimestamp());
        // Not each time: a full table is what a flood makes, and looking through it must not become the flood's work.
        if (_spent.Count > MaxAddresses && time.GetElapsedTime(_forgotAt) >= every) Forget();
    }

    private double Spent(IPAddress key) => _spent.TryGetValue(key, out var entry)
        ? Math.Max(0, entry.Spent - time.GetElapsedTime(entry.At) / every)
        : 0;

    private IPAddress Key(IPAddress address)
    {
        IPAddress folded = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _spent.Count < MaxAddresses || _spent.ContainsKey(folded) ? folded : IPAddress.None;
    }

    private void Forget()
    {
        _forgotAt = time.GetTimestamp();
        foreach (IPAddress key in _spent.Keys.Where(key => Spent(key) <= 0).ToArray()) _spent.Remove(key);
    }
}
