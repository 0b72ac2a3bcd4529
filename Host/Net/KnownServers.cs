using System.Text.Json;
using System.Text.Json.Serialization;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>
/// The certificates this client has pinned, <c>known_servers.json</c>: <c>[{"address":"10.0.0.5:5870","fingerprint":"9F…"}]</c>,
/// the last used first.
/// </summary>
internal sealed class KnownServers(string directory, ILogger log)
{
    private readonly string _path = Path.Combine(directory, "known_servers.json");
    private readonly Lock _lock = new();
    private List<KnownServer>? _servers;

    /// <summary>The file, for the sentence that tells a person where to remove a pin.</summary>
    public string FilePath => _path;

    public IReadOnlyList<KnownServer> All
    {
        get { lock (_lock) return [.. Load()]; }
    }

    public string? FingerprintOf(string address)
    {
        lock (_lock) return Load().Find(s => s.Address == address)?.Fingerprint;
    }

    /// <summary>Pins a new server, or moves a known one to the front.</summary>
    public void Use(string address, string fingerprint)
    {
        lock (_lock)
        {
            List<KnownServer> servers = Load();
            if (servers is [{ } first, ..] && first.Address == address && first.Fingerprint == fingerprint) return;
            servers.RemoveAll(s => s.Address == address);
            servers.Insert(0, new KnownServer(address, fingerprint));
            Save(servers);
        }
    }

    private void Save(List<KnownServer> servers)
    {
        try
        {
            // Beside and rename: a crash leaves the old file or the new one.
            File.WriteAllText(_path + ".new", JsonSerializer.Serialize(servers, KnownServersJson.Default.ListKnownServer));
            File.Move(_path + ".new", _path, overwrite: true);
        }
        // A full disk does not keep anybody out of a meeting; the pin holds until the program ends.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.KnownServersNotSaved(log, _path, e.Message);
        }
    }

    private List<KnownServer> Load()
    {
        if (_servers is not null) return _servers;
        if (!File.Exists(_path)) return _servers = [];
        try
        {
            return _servers = JsonSerializer.Deserialize(File.ReadAllText(_path), KnownServersJson.Default.ListKnownServer) ?? [];
        }
        catch (JsonException e)
        {
            string aside = _path + ".damaged";
            File.Move(_path, aside, overwrite: true);
            HostLog.KnownServersDamaged(log, _path, aside, e.Message);
            return _servers = [];
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<KnownServer>))]
internal sealed partial class KnownServersJson : JsonSerializerContext;
