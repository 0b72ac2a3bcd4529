using System.ComponentModel.DataAnnotations;
using LanCollab.Contracts;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Host.Configuration;

/// <summary>Section <c>Server</c>.</summary>
internal sealed class ServerOptions
{
    /// <summary>Where the hub keeps its certificate, log and the plugins' data.</summary>
    public string DataDirectory { get; set; } = DataFolder.Default("server");

    /// <summary>The address to listen on; all IPv4 addresses by default, <c>::</c> for IPv4 and IPv6.</summary>
    public string Bind { get; set; } = "0.0.0.0";

    /// <summary>What people see in their list of servers.</summary>
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>The port of <c>/healthz</c> and <c>/metrics</c>, on loopback only; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int AdminPort { get; set; } = 5879;

    /// <summary>False only where <see cref="Bind"/> is a loopback address, to compare: frames travel in the clear.</summary>
    public bool Tls { get; set; } = true;

    /// <summary>Who does TLS: OpenSSL 3 called directly where its library is there, by default (<c>OpenSslRecords</c>: its records, too), or .NET's SslStream (<c>Runtime</c>).</summary>
    public TlsLibrary TlsLibrary { get; set; }

    /// <summary>Handshakes (TLS and first frame) that run at a time, in all. More wait for their turn.</summary>
    [Live, Range(1, 100_000)]
    public int MaxHandshakes { get; set; } = 64;

    /// <summary>The same from one address. A client opens about six channels at once after a join.</summary>
    [Live, Range(1, 100_000)]
    public int MaxHandshakesPerAddress { get; set; } = 32;

    /// <summary>Connections that wait for their handshake, in all; one address may have at most half of what is free.</summary>
    [Live, Range(1, 100_000)]
    public int MaxWaitingHandshakes { get; set; } = 8192;

    /// <summary>Bytes a second that must come of a frame that was begun, over 10 s; 0 = no limit.</summary>
    [Live, Range(0, 1_000_000)]
    public int MinFrameRate { get; set; } = 1024;
}

/// <summary>Section <c>Client</c>.</summary>
internal sealed class ClientOptions
{
    /// <summary>Where the client keeps pinned servers, log and the plugins' data.</summary>
    public string DataDirectory { get; set; } = DataFolder.Default("client");

    /// <summary>The hub: host, host:port, or <c>auto</c>.</summary>
    public string Server { get; set; } = "auto";

    /// <summary>With <see cref="Room"/>: join without a page.</summary>
    public string? Name { get; set; }

    /// <summary>With <see cref="Name"/>: join without a page.</summary>
    public string? Room { get; set; }

    /// <summary>The room's or hub's password for joining without a page. On the command line everybody on this machine can read it.</summary>
    public string? Password { get; set; }

    /// <summary>A file whose first line is the <see cref="Password"/>.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>False only towards a hub on a loopback address that has <c>Server:Tls</c> off, to compare.</summary>
    public bool Tls { get; set; } = true;

    /// <inheritdoc cref="ServerOptions.TlsLibrary"/>
    public TlsLibrary TlsLibrary { get; set; }

    /// <summary>The page's port on this machine; 0 = any free one.</summary>
    [Range(0, 65535)]
    public int UiPort { get; set; } = 5880;

    /// <summary>Opens the page in the default browser at start.</summary>
    public bool OpenBrowser { get; set; } = true;
}

/// <summary>Section <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    /// <summary>People driven by files.</summary>
    [Range(1, 8)]
    public int People { get; set; } = 3;

    /// <summary>Where their files and data are kept.</summary>
    public string DataDirectory { get; set; } = DataFolder.Default("demo");

    /// <summary>The room they meet in.</summary>
    public string Room { get; set; } = "Demo";
}

/// <summary>Default folders.</summary>
internal static class DataFolder
{
    private const int WouldBlock = 11; // Linux EWOULDBLOCK of flock
    private const int SharingViolation = unchecked((int)0x80070020); // Windows ERROR_SHARING_VIOLATION

    public static string Default(string role)
    {
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "lancollab", role);
    }

    /// <summary>Takes a folder for this process alone, for as long as the result is open; a process that dies gives it back.</summary>
    /// <param name="folder">It is there.</param>
    /// <param name="key">The setting that names another one.</param>
    /// <exception cref="FolderInUseException">Another process has it.</exception>
    public static FileStream Claim(string folder, string key)
    {
        try
        {
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            throw new FolderInUseException(folder, key);
        }
    }

    /// <summary>Makes a folder that only its owner can read.</summary>
    public static string Create(string path)
    {
        string full = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(full);
        else Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return full;
    }
}
