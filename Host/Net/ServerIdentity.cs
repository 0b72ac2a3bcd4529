using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LanCollab.Host.Net;

/// <summary>The hub's self-signed ECDSA P-256 certificate, made at the first start and kept in a file that only its owner can read.</summary>
internal static class ServerIdentity
{
    private const string FileName = "server.pfx";

    public static X509Certificate2 LoadOrCreate(string directory, TimeProvider time)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) WriteNew(path, time);
        return X509CertificateLoader.LoadPkcs12FromFile(path, password: null);
    }

    /// <summary>One that lives as long as the process, and lies in no file.</summary>
    public static X509Certificate2 CreateForThisRun(TimeProvider time)
    {
        using X509Certificate2 certificate = New(time);
        // Through PKCS #12, since Windows' TLS takes no key that exists in memory only.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>SHA-256 of a certificate, hex: what clients pin and people compare.</summary>
    public static string Fingerprint(X509Certificate certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static X509Certificate2 New(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=LanCollab", key, HashAlgorithmName.SHA256);
        // Clients check the pin and never the dates: a clock that is wrong by years must not lock a ship's crew out.
        DateTimeOffset now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddYears(-10), now.AddYears(50));
    }

    private static void WriteNew(string path, TimeProvider time)
    {
        using X509Certificate2 certificate = New(time);
        string beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(beside, options)) file.Write(certificate.Export(X509ContentType.Pkcs12));
        File.Move(beside, path, overwrite: true);
    }
}
