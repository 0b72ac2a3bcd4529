using LanCollab.Contracts;

namespace LanCollab.Host.Configuration;

/// <summary>A password from a file: what stands on a command line can be read by everybody on the machine.</summary>
internal static class PasswordFile
{
    /// <summary>The password of the options, or the first line of its file; null when neither is set.</summary>
    /// <exception cref="ConfigurationErrorException">Both are set, or the file cannot be read.</exception>
    public static string? Read(Settings settings, ClientOptions options)
    {
        if (options.PasswordFile is not { Length: > 0 } path) return options.Password;
        if (options.Password is not null) throw Wrong(settings, path, "one of Client:Password and Client:PasswordFile");
        try
        {
            return File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(settings, path, $"a file that can be read ({e.Message.TrimEnd('.')})");
        }
    }

    private static ConfigurationErrorException Wrong(Settings settings, string path, string allowed) =>
        new($"{settings.SourceOf("Client:PasswordFile")}: Client:PasswordFile = \"{path}\" cannot be used; allowed: {allowed}.");
}
