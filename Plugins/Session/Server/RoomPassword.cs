using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Plugins.Session;

/// <summary>
/// A room's password as the hub keeps it, also on the disk: salted and slow to guess. Once the right one has been seen in this run it is
/// compared by a fast digest under a key that only this run knows. Thread-safe.
/// </summary>
internal sealed class RoomPassword
{
    /// <summary>Of PBKDF2: some 30 ms of one core.</summary>
    private const int Iterations = 100_000;

    private const int SaltBytes = 16, HashBytes = 32;

    // One at a time: guessing costs at most one core.
    private static readonly Lock Slow = new();

    private volatile byte[]? _seen;

    private RoomPassword(byte[] salt, byte[] hash, byte[]? seen) => (Salt, Hash, _seen) = (salt, hash, seen);

    public byte[] Salt { get; }

    public byte[] Hash { get; }

    /// <summary>Of a password that somebody sets.</summary>
    public static RoomPassword Of(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new RoomPassword(salt, Derive(password, salt), Secrets.Password(password));
    }

    /// <summary>As it was kept.</summary>
    public static RoomPassword Kept(byte[] salt, byte[] hash) => new(salt, hash, seen: null);

    /// <summary>Does the slow part, when it has not been done in this run. Not to be called within a lock that others wait for.</summary>
    public void Prepare(string? given)
    {
        if (_seen is not null || string.IsNullOrEmpty(given)) return;
        if (Secrets.Same(Derive(given, Salt), Hash)) _seen = Secrets.Password(given);
    }

    /// <summary>True for the right one, after <see cref="Prepare"/>; fast, and takes the same time either way.</summary>
    public bool Matches(string? given) => _seen is { } seen && Secrets.Same(Secrets.Password(given ?? ""), seen);

    private static byte[] Derive(string password, byte[] salt)
    {
        lock (Slow) return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, HashBytes);
    }
}
