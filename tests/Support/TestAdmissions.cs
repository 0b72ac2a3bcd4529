using System.Collections.Concurrent;

namespace LanCollab.Tests.Support;

/// <summary>The hub's door, without keys.</summary>
public sealed class TestAdmissions(InMemoryHub hub) : IAdmissions
{
    private readonly ConcurrentDictionary<string, Peer> _byToken = new();
    private readonly ConcurrentDictionary<Peer, bool> _revoked = new();
    private uint _last;

    /// <summary>Who was let in and has not been shown out.</summary>
    public IReadOnlyList<Peer> Seats => [.. _byToken.Values];

    /// <summary>Who was shown out, and why.</summary>
    public Recorded<(Peer Peer, string Reason)> Revoked { get; } = new("a revoked seat");

    /// <inheritdoc />
    public Admission Admit(Peer peer)
    {
        uint session = Interlocked.Increment(ref _last);
        string token = $"token-{session}";
        _byToken[token] = peer;
        return new Admission(token, session, Convert.ToBase64String(new byte[32]), [.. hub.Server.Services.Where(s => !s.Anonymous).Select(s => new ServicePort(s.Name, "tcp", 1))]);
    }

    /// <inheritdoc />
    public void Revoke(Peer peer, string reason)
    {
        _revoked[peer] = true;
        foreach (var (token, seated) in _byToken)
            if (seated == peer) _byToken.TryRemove(token, out _);
        hub.Server.CloseChannels(peer, reason);
        hub.Datagrams.Forget(peer);
        Revoked.Add((peer, reason));
    }

    internal Peer? PeerOf(string token) => _byToken.GetValueOrDefault(token);

    internal bool IsSeated(Peer peer) => !_revoked.ContainsKey(peer);
}
