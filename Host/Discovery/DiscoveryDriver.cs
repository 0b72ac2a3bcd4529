using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>
/// When to look and when to send. It sends in a burst at the start and after each change, since single datagrams get lost, then rarely. The system tells of new
/// addresses, but not of a cable that is plugged in again under an old one, so the interfaces are looked at every second as well (0.2 ms).
/// </summary>
/// <param name="network">Tells of changes.</param>
/// <param name="links">Is kept in accord with it.</param>
/// <param name="burst">Times of the rounds of a burst, from its beginning.</param>
/// <param name="rarely">The time between two rounds after it.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For what must not happen.</param>
internal sealed class DiscoveryDriver(INetwork network, LinkSet links, TimeSpan[] burst, TimeSpan rarely, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _rounds, _looks;
    private Action<int> _round = _ => { };
    private int _number;
    private bool _ended;

    /// <summary>Called after the interfaces have changed, before the burst that follows.</summary>
    public event Action? LinksChanged;

    /// <summary>Opens the interfaces and begins the first burst.</summary>
    /// <param name="round">Sends; given the number of the round, from 0 at the beginning of each burst.</param>
    public void Start(Action<int> round)
    {
        _round = round;
        _rounds = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _looks = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
        network.Changed += Look;
        Look();
        Again();
    }

    /// <summary>Begins a burst.</summary>
    public void Again()
    {
        lock (_lock)
        {
            if (_ended) return;
            _number = 0;
            _rounds!.Change(burst[0], Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        network.Changed -= Look;
        lock (_lock) _ended = true;
        if (_looks is not null) await _looks.DisposeAsync().ConfigureAwait(false);
        if (_rounds is not null) await _rounds.DisposeAsync().ConfigureAwait(false);
    }

    private void Tick()
    {
        int number;
        lock (_lock)
        {
            if (_ended) return;
            number = _number++;
            _rounds!.Change(_number < burst.Length ? burst[_number] - burst[number] : rarely, Timeout.InfiniteTimeSpan);
        }
        Guard(() => _round(number));
    }

    private void Look() => Guard(() =>
    {
        if (_ended || !links.Refresh()) return;
        LinksChanged?.Invoke();
        Again();
    });

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        // On a timer's thread it would end the program; discovery is a convenience: whatever is wrong with it, the rest goes on.
        catch (Exception e)
        {
            DiscoveryLog.Failed(log, e.Message, e);
        }
    }
}
