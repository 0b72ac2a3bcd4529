using System.Globalization;
using System.Net;
using LanCollab.Contracts;
using LanCollab.Host.Net;

namespace LanCollab.Host.Discovery;

/// <summary>
/// The way to a hub in one line that can be sent, printed or drawn as a QR code: <c>lancollab://192.168.1.5:5870/#fp=9F…</c>, <c>fp</c> being the
/// SHA-256 fingerprint of its certificate. Other fields after <c>#</c>, separated by <c>&amp;</c>, are for the page (<c>room</c>) and ignored here.
/// </summary>
internal readonly record struct JoinLink(ServerAddress Address, string? Fingerprint)
{
    public const string Scheme = "lancollab://";
    private const int FingerprintLength = 64;

    public static bool IsOne(string text) => text.AsSpan().TrimStart().StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="UserErrorException"><c>bad-address</c>: which part of it cannot be used.</exception>
    public static JoinLink Parse(string text, int defaultPort)
    {
        string[] parts = text.Trim()[Scheme.Length..].Split('#', 2);
        ServerAddress address = ServerAddress.Parse(parts[0].TrimEnd('/'), defaultPort);
        string? fingerprint = parts.Length == 2 ? Field(parts[1], "fp") : null;
        if (fingerprint is not null && (fingerprint.Length != FingerprintLength || !fingerprint.All(char.IsAsciiHexDigit)))
            throw new UserErrorException("bad-address", "The join link is damaged: its fingerprint (fp=…) must be 64 hex digits. Copy the whole link again.");
        return new JoinLink(address, fingerprint?.ToUpperInvariant());
    }

    public override string ToString() => $"{Scheme}{Address}/{(string.IsNullOrEmpty(Fingerprint) ? "" : $"#fp={Fingerprint}")}";

    private static string? Field(string fields, string name) =>
        fields.Split('&').Select(f => f.Split('=', 2)).FirstOrDefault(f => f.Length == 2 && f[0] == name)?[1];
}
