namespace LanCollab.Tests.Support.Processes;

/// <summary>Where things are in the working tree the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of LanCollab.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The program as people run it.</summary>
    public static string Program => In("artifacts/lancollab/LanCollab.dll");

    /// <summary>Its plugins.</summary>
    public static string Plugins => In("artifacts/lancollab/plugins");

    /// <summary>A path below the root.</summary>
    public static string In(string relative) => Path.Combine(Root, relative);

    private static string Find(string? folder) => folder switch
    {
        null => throw new InvalidOperationException("The tests do not run inside the repository: no LanCollab.sln above them."),
        _ when File.Exists(Path.Combine(folder, "LanCollab.sln")) => folder,
        _ => Find(Path.GetDirectoryName(folder)),
    };
}
