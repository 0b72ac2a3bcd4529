using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>The secret by which the hub knows this machine again, so that a restarted client gets its own name back at once.</summary>
internal static class DeviceSecret
{
    /// <summary>Its length before it is written as base64url.</summary>
    public const int Bytes = 32;

    /// <summary>True for what has the form of one.</summary>
    public static bool IsOne(string text) => Base64Url.IsValid(text, out int length) && length == Bytes;

    /// <summary>Reads it, or makes it at the first start. The file is its owner's only.</summary>
    /// <param name="folder">The plugin's data folder.</param>
    /// <param name="log">For a file that holds something else.</param>
    public static string LoadOrCreate(string folder, ILogger log)
    {
        string file = Path.Combine(folder, "device.key");
        if (File.Exists(file))
        {
            string kept = File.ReadAllText(file).Trim();
            if (IsOne(kept)) return kept;
            SessionLog.DeviceReplaced(log, file);
        }
        string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        Write(file, made);
        return made;
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
