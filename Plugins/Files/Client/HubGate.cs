using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Where this client is.</summary>
/// <param name="Store">The hub's store.</param>
/// <param name="Self">This client's seat.</param>
internal sealed record HubPlace(string Store, Peer Self);

/// <summary>Lets transfers through while their hub and room are connected.</summary>
internal sealed class HubGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = NewSignal();
    private HubPlace? _place;

    /// <summary>Null while there is no connection.</summary>
    public HubPlace? Current
    {
        get { lock (_lock) return _place; }
    }

    /// <summary>The place of this moment.</summary>
    /// <exception cref="UserErrorException"><c>not-joined</c>.</exception>
    public HubPlace Require() => Current
        ?? throw new UserErrorException("not-joined", "Files are shared within a room; join one first.");

    /// <summary>The connection is up, or gone (null).</summary>
    public void Set(HubPlace? place)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            (_place, changed) = (place, _changed);
            _changed = NewSignal();
        }
        changed.SetResult();
    }

    /// <summary>Returns when the client is in that room of that hub.</summary>
    public Task WaitAsync(string store, string room, CancellationToken cancellationToken) =>
        WaitAsync(place => place.Store == store && place.Self.Room == room, cancellationToken);

    /// <summary>Returns when the client is in any room.</summary>
    public Task WaitAnyAsync(CancellationToken cancellationToken) => WaitAsync(_ => true, cancellationToken);

    private async Task WaitAsync(Predicate<HubPlace> isRight, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_place is { } place && isRight(place)) return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
