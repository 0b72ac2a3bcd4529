using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>How many transfers each person runs, so that nobody takes the hub's memory and disk for themselves.</summary>
internal sealed class TransferCount(Func<int> most)
{
    private readonly Dictionary<Peer, int> _running = [];
    private readonly Lock _lock = new();

    /// <summary>One more.</summary>
    /// <exception cref="UserErrorException"><c>too-many-transfers</c>.</exception>
    public void Enter(Peer peer)
    {
        lock (_lock)
        {
            int running = _running.GetValueOrDefault(peer);
            if (running >= most())
                throw new UserErrorException("too-many-transfers", $"You run {running} transfers already; this one goes on when one of them is complete.");
            _running[peer] = running + 1;
        }
    }

    /// <summary>One less.</summary>
    public void Leave(Peer peer)
    {
        lock (_lock)
        {
            if (--_running[peer] == 0) _running.Remove(peer);
        }
    }
}
