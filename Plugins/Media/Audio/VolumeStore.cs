using System.Text.Json;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>How loud this person wants to hear others: by name, since that is how people come back. Kept in <c>volumes.json</c>.</summary>
internal sealed class VolumeStore
{
    private const int Most = 500;
    private const double MostGain = 4;

    private readonly Lock _gate = new();
    private readonly string _path;
    private Dictionary<string, double> _gains;

    /// <param name="folder">The plugin's own.</param>
    public VolumeStore(string folder)
    {
        _path = Path.Combine(folder, "volumes.json");
        _gains = Load(_path);
    }

    /// <summary>A snapshot: only who is not heard as spoken.</summary>
    public IReadOnlyDictionary<string, double> Gains { get { lock (_gate) return new Dictionary<string, double>(_gains, StringComparer.Ordinal); } }

    /// <summary>Keeps a volume; 1 forgets it. Of more than 500 names the one that was set first goes.</summary>
    /// <exception cref="Contracts.UserErrorException"><c>out-of-range</c>.</exception>
    public void Set(string name, double gain)
    {
        if (gain is not (>= 0 and <= MostGain)) throw new Contracts.UserErrorException("out-of-range", $"The volume is {gain}; it may be 0 to {MostGain}.");
        lock (_gate)
        {
            _gains.Remove(name);
            if (gain != 1) _gains[name] = gain;
            if (_gains.Count > Most) _gains.Remove(_gains.Keys.First());
            string unfinished = _path + ".part";
            File.WriteAllText(unfinished, JsonSerializer.Serialize(new Volumes(_gains), MediaMessages.Set.JsonOf(typeof(Volumes))));
            File.Move(unfinished, _path, overwrite: true);
        }
    }

    // A file that cannot be read costs the volumes, not the sound.
    private static Dictionary<string, double> Load(string path)
    {
        try
        {
            var volumes = (Volumes)MediaMessages.Set.Decode(typeof(Volumes), File.ReadAllBytes(path));
            return volumes.Gains.Where(g => g.Value is >= 0 and <= MostGain).Take(Most).ToDictionary(g => g.Key, g => g.Value, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or Contracts.ProtocolErrorException or Contracts.UserErrorException)
        {
            return new Dictionary<string, double>(StringComparer.Ordinal);
        }
    }
}
