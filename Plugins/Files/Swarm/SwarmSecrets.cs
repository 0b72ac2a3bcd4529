using System.Security.Cryptography;

namespace LanCollab.Plugins.Files;

/// <summary>The secret of this client's tokens, and the one before: a token ends when its secret has been changed twice.</summary>
internal sealed class SwarmSecrets
{
    private const int Bytes = 32;
    private volatile byte[][] _secrets = [RandomNumberGenerator.GetBytes(Bytes), RandomNumberGenerator.GetBytes(Bytes)];

    /// <summary>The one for new tokens.</summary>
    public byte[] Current => _secrets[0];

    /// <summary>Takes a new one.</summary>
    public void Change() => _secrets = [RandomNumberGenerator.GetBytes(Bytes), _secrets[0]];

    /// <summary>Whether the hub has let this caller in, and not too long ago.</summary>
    public bool Allow(string token, string fingerprint) => _secrets.Any(secret => SwarmToken.IsRight(token, secret, fingerprint));
}
