namespace LanCollab.Contracts;

/// <summary>
/// The hub's door: lent by the shell to whichever plugin decides who may come in. A token from here opens every other service.
/// </summary>
public interface IAdmissions
{
    /// <summary>Lets a person in.</summary>
    /// <param name="peer">A new seat.</param>
    /// <returns>Secrets and ports, to be sent to that person's client over its TLS channel and nowhere else.</returns>
    Admission Admit(Peer peer);

    /// <summary>Takes the seat's token back and closes all its channels and datagram keys. Unknown peers are ignored.</summary>
    /// <param name="peer">The seat.</param>
    /// <param name="reason">One sentence; goes to the client's log.</param>
    void Revoke(Peer peer, string reason);
}

/// <summary>What an admitted client needs to reach every service of the hub.</summary>
/// <param name="Token">Session token, 128 bits, base64url: the first frame of each further connection carries it.</param>
/// <param name="Session">Number of the session in datagram headers.</param>
/// <param name="Secret">32 random bytes, base64: datagram keys are derived from it for each service and direction.</param>
/// <param name="Services">Every other service with its port.</param>
public sealed record Admission(string Token, uint Session, string Secret, IReadOnlyList<ServicePort> Services);

/// <summary>Where a service listens.</summary>
/// <param name="Name">The service's name on the wire.</param>
/// <param name="Transport"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">The bound port.</param>
public sealed record ServicePort(string Name, string Transport, int Port);
