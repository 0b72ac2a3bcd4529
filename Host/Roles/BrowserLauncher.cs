using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>
/// Opens the page in the default browser. The address holds the key, and other users of a machine can read a program's arguments:
/// so the browser is given a file that only its owner can read, which leads on to the page.
/// </summary>
internal static class BrowserLauncher
{
    public static void Open(Uri page, string dataDirectory, ILogger log)
    {
        string file = Path.Combine(dataDirectory, "open.html");
        try
        {
            WriteRedirect(file, page);
            string opener = OperatingSystem.IsLinux() ? "xdg-open" : OperatingSystem.IsMacOS() ? "open" : file;
            var start = new ProcessStartInfo(opener) { UseShellExecute = OperatingSystem.IsWindows(), RedirectStandardOutput = !OperatingSystem.IsWindows(), RedirectStandardError = !OperatingSystem.IsWindows() };
            if (!OperatingSystem.IsWindows()) start.ArgumentList.Add(file);
            Process.Start(start)?.Dispose();
        }
        // No desktop, no opener: the address stands on the terminal anyway.
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            HostLog.NoBrowser(log, e.Message);
        }
    }

    private static void WriteRedirect(string file, Uri page)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(file);
        using var writer = new StreamWriter(file, options);
        writer.Write($"<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url={page}\"><title>LanCollab</title>");
    }
}
