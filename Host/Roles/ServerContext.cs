using LanCollab.Contracts;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>What the hub lends to one plugin; collects what it maps, to be bound when all have started.</summary>
internal sealed class ServerContext(LoadedPlugin plugin, string dataRoot, Settings settings, AdmissionDesk desk, ILogger log, CancellationToken stopping)
    : PluginContext(plugin, dataRoot, settings, log, stopping), IServerContext
{
    private readonly ILogger _log = log;

    public List<(StreamMapping Mapping, int Port, string Key)> Streams { get; } = [];

    public List<(DatagramServer Server, int Port, string Key)> Datagrams { get; } = [];

    public void MapStream(StreamService service, Func<IChannel, CancellationToken, Task> handler) =>
        Streams.Add((new StreamMapping(PluginName, service, handler), Port(service.PortKey, service.DefaultPort), $"{Section}:{service.PortKey}"));

    public IServerDatagrams MapDatagrams(DatagramService service, DatagramHandler handler)
    {
        var server = new DatagramServer(PluginName, service, handler, desk, _log);
        Datagrams.Add((server, Port(service.PortKey, service.DefaultPort), $"{Section}:{service.PortKey}"));
        return server;
    }

    private int Port(string key, int otherwise)
    {
        string path = $"{Section}:{key}";
        return Settings.Root[path] is not { } text ? otherwise
            : int.TryParse(text, out int port) && port is >= 0 and <= 65535 ? port
            : throw new ConfigurationErrorException($"{Settings.SourceOf(path)}: {path} = \"{text}\" cannot be used; allowed: 0 to 65535.");
    }
}
