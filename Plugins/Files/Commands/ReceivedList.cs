namespace LanCollab.Plugins.Files;

/// <summary>What earlier calls of <c>receive</c> have fetched, and where it lies: lines of <c>id path</c>. Lost, it costs a second copy and nothing else.</summary>
internal sealed class ReceivedList(string directory)
{
    private readonly string _path = Path.Combine(directory, "received.txt");

    /// <summary>True when a file was fetched into this folder and is still there.</summary>
    public bool Has(string id, string folder) => File.Exists(_path) && File.ReadLines(_path).Any(line =>
        line.Split(' ', 2) is [var other, var place] && other == id && Path.GetDirectoryName(place) == folder && Path.Exists(place));

    /// <summary>One more.</summary>
    public void Add(string id, string place) => File.AppendAllText(_path, $"{id} {place}\n");
}
