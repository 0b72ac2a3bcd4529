using System.Diagnostics;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.Architecture;

/// <summary>The files that are tracked, as text.</summary>
internal static class SourceTree
{
    private static readonly string[] Pictures = [".png", ".jpg", ".ico", ".gif"];

    /// <summary>Tracked text files below a folder, relative to the root.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string below = "", string ending = "") =>
        from path in Tracked.Value
        where path.StartsWith(below, StringComparison.Ordinal) && path.EndsWith(ending, StringComparison.Ordinal)
        where !Pictures.Contains(Path.GetExtension(path)) && File.Exists(Repository.In(path))
        select (path, File.ReadAllText(Repository.In(path)));

    /// <summary>Where a pattern stands: <c>path:line</c>.</summary>
    public static IEnumerable<string> Hits(IEnumerable<(string Path, string Text)> files, System.Text.RegularExpressions.Regex pattern) =>
        from file in files
        from line in file.Text.Split('\n').Index()
        where pattern.IsMatch(line.Item)
        select $"{file.Path}:{line.Index + 1}: {line.Item.Trim()}";

    private static readonly Lazy<string[]> Tracked = new(() =>
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true })!;
        string names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return names.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    });
}
