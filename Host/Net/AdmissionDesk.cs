using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>Issues and checks session tokens and datagram secrets.</summary>
internal sealed class AdmissionDesk : IAdmissions
{
    private const int TokenBytes = 16;
    private const int SecretBytes = 32;

    private readonly ConcurrentDictionary<string, Seat> _byToken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<uint, Seat> _bySession = new();
    private readonly ConcurrentDictionary<Peer, Seat> _byPeer = new();

    /// <summary>All bound services; filled by the server before the first connection is accepted.</summary>
    public IReadOnlyList<ServicePort> Services { get; set; } = [];

    /// <summary>Rooms with somebody in them.</summary>
    public int Rooms => _byPeer.Keys.Select(p => p.Room).Distinct(StringComparer.OrdinalIgnoreCase).Count();

    /// <summary>Raised after a seat has been revoked.</summary>
    public event Action<Seat>? Revoked;

    public Admission Admit(Peer peer)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        byte[] secret = RandomNumberGenerator.GetBytes(SecretBytes);
        Seat seat;
        do
        {
            seat = new Seat(peer, token, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))), secret);
        }
        while (!_bySession.TryAdd(seat.Session, seat));
        _byToken[token] = seat;
        _byPeer[peer] = seat;
        return new Admission(token, seat.Session, Convert.ToBase64String(secret), Services);
    }

    public void Revoke(Peer peer, string reason)
    {
        if (!_byPeer.TryRemove(peer, out Seat? seat)) return;
        _byToken.TryRemove(seat.Token, out _);
        _bySession.TryRemove(seat.Session, out _);
        seat.Revoke(reason);
        Revoked?.Invoke(seat);
    }

    /// <summary>
    /// The seat of a token, or null. A dictionary look-up is not constant in time, but a token is 128 random bits: timing tells at most about hashes
    /// that are seeded anew in each process.
    /// </summary>
    public Seat? FindByToken(string token) => _byToken.GetValueOrDefault(token);

    public Seat? FindBySession(uint session) => _bySession.GetValueOrDefault(session);

    public Seat? FindByPeer(Peer peer) => _byPeer.GetValueOrDefault(peer);
}
