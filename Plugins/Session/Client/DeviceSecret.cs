using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// The secrets by which hubs know this machine again, so that a restarted client gets its own name and seat back. Each hub gets one of its own, derived (HKDF, RFC 5869)
/// from a seed and the fingerprint of the hub's certificate: what one hub is told is of no use at another.
/// </summary>
/// <remarks>
/// Before that, one secret (<c>device.key</c>) went to all. The hubs that have it, those pinned at that time, go on getting it, since by it they know their bans, seats and
/// people's lines; a seed made anew, which no hub can compute from it, serves for all others.
/// </remarks>
internal sealed class DeviceSecret
{
    /// <summary>Length of seed and secrets before they are written as base64url.</summary>
    public const int Bytes = 32;

    private const string SeedFile = "device.seed", FormerFile = "device.former", FormerKeyFile = "device.key", Purpose = "lancollab device ";

    private readonly byte[] _seed;
    private readonly string? _former;
    private readonly HashSet<string> _formerHubs;

    private DeviceSecret(byte[] seed, string[] former) =>
        (_seed, _former, _formerHubs) = (seed, former.FirstOrDefault(), [.. former.Skip(1)]);

    /// <summary>True for what has the form of one.</summary>
    public static bool IsOne(string text) => Base64Url.IsValid(text, out int length) && length == Bytes;

    /// <summary>Reads what there is, or makes it at the first start. The files are their owner's only.</summary>
    /// <param name="folder">The plugin's data folder.</param>
    /// <param name="pinned">Fingerprints of the hubs that are known at this moment.</param>
    /// <param name="log">For a file that holds something else.</param>
    public static DeviceSecret LoadOrCreate(string folder, IEnumerable<string> pinned, ILogger log)
    {
        string seedFile = Path.Combine(folder, SeedFile), formerKey = Path.Combine(folder, FormerKeyFile), formerFile = Path.Combine(folder, FormerFile);
        string? seed = Read(seedFile, log);
        // In this order, so that whatever a crash leaves is begun again.
        if (seed is null && Read(formerKey, log) is { } key) Write(formerFile, string.Join('\n', pinned.Prepend(key).Distinct()));
        if (seed is null) Write(seedFile, seed = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));
        File.Delete(formerKey);
        return new DeviceSecret(Base64Url.DecodeFromChars(seed), File.Exists(formerFile) ? File.ReadAllLines(formerFile) : []);
    }

    /// <summary>The secret for one hub, base64url.</summary>
    /// <param name="fingerprint">Of its certificate; empty for a hub on this machine without TLS.</param>
    public string For(string fingerprint) => _former is not null && _formerHubs.Contains(fingerprint)
        ? _former
        : Base64Url.EncodeToString(HKDF.DeriveKey(HashAlgorithmName.SHA256, _seed, Bytes, info: Encoding.ASCII.GetBytes(Purpose + fingerprint)));

    private static string? Read(string file, ILogger log)
    {
        if (!File.Exists(file)) return null;
        string kept = File.ReadAllText(file).Trim();
        if (IsOne(kept)) return kept;
        SessionLog.DeviceReplaced(log, file);
        return null;
    }

    private static void Write(string file, string text)
    {
        string temporary = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options)) stream.Write(Encoding.ASCII.GetBytes(text));
        File.Move(temporary, file, overwrite: true);
    }
}
