using LanCollab.Contracts;
using LanCollab.Host.Composition;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;

namespace LanCollab.Host.Roles;

/// <summary>What the hub lends to one plugin; collects what it maps, to be bound when all have started.</summary>
internal sealed class ServerContext(LoadedPlugin plugin, ContextShared shared, AdmissionDesk desk) : PluginContext(plugin, shared), IServerContext
{
    public List<(StreamMapping Mapping, int Port, string Key)> Streams { get; } = [];

    public List<(DatagramServer Server, int Port, string Key)> Datagrams { get; } = [];

    public void MapStream(StreamService service, Func<IChannel, CancellationToken, Task> handler) =>
        Streams.Add((new StreamMapping(PluginName, service, handler), Port(service.PortKey, service.DefaultPort), $"{Section}:{service.PortKey}"));

    public IServerDatagrams MapDatagrams(DatagramService service, DatagramHandler handler)
    {
        var server = new DatagramServer(PluginName, service, handler, desk, Shared.Log);
        Datagrams.Add((server, Port(service.PortKey, service.DefaultPort), $"{Section}:{service.PortKey}"));
        return server;
    }

    private int Port(string key, int otherwise)
    {
        string path = $"{Section}:{key}";
        return Shared.Settings.Root[path] is not { } text ? otherwise
            : int.TryParse(text, out int port) && port is >= 0 and <= 65535 ? port
            : throw new ConfigurationErrorException($"{Shared.Settings.SourceOf(path)}: {path} = \"{text}\" cannot be used; allowed: 0 to 65535.");
    }
}
