using System.Buffers.Text;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The hub's knowledge of who may get which blocks from whom. In memory only: clients tell it again after a restart.</summary>
/// <param name="store">Says who may know of a file.</param>
/// <param name="options">Of this moment.</param>
/// <param name="time">The clock.</param>
internal sealed class SwarmTracker(FileStore store, Func<FilesOptions> options, TimeProvider time)
{
    private readonly Dictionary<MessageChannel, SwarmClientEntry> _clients = [];
    private readonly Dictionary<string, FileSwarm> _files = [];
    private readonly Lock _lock = new();

    /// <summary>A client takes part, or has a new secret.</summary>
    /// <exception cref="UserErrorException"><c>no-swarm</c>, <c>bad-request</c>.</exception>
    public void Join(MessageChannel channel, JoinSwarm request)
    {
        if (!options().Swarm) throw new UserErrorException("no-swarm", "This server sends all blocks itself.");
        byte[] secret = Secret(request.Secret);
        if (request.Port is < 0 or > 65535 || request.Most < 0 || request.Fingerprint.Length != 64 || !request.Fingerprint.All(char.IsAsciiHexDigit))
            throw new UserErrorException("bad-request", "A client in the swarm has a port and a certificate's SHA-256.");
        lock (_lock)
        {
            if (_clients.TryGetValue(channel, out SwarmClientEntry? known)) (known.Door, known.Secret) = (request, secret);
            else _clients[channel] = new SwarmClientEntry(channel.Peer, channel.Channel.Remote.Address) { Door = request, Secret = secret };
        }
    }

    /// <summary>A client has blocks.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>, <c>no-swarm</c>.</exception>
    public void Have(MessageChannel channel, HaveBlocks request)
    {
        lock (_lock) Swarm(channel, request.Id).Have(Client(channel), request.Blocks);
    }

    /// <summary>A client gives nothing of a file any more.</summary>
    public void Lost(MessageChannel channel, LostBlocks request)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(request.Id, out FileSwarm? swarm)) Leave(request.Id, swarm, Client(channel));
        }
    }

    /// <summary>Where a client gets its next blocks.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>, <c>no-swarm</c>.</exception>
    public BlockPlan Plan(MessageChannel channel, AskPlan request)
    {
        lock (_lock) return Swarm(channel, request.Id).Plan(Client(channel), request);
    }

    /// <summary>A client takes no more blocks from another one.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>, <c>no-swarm</c>.</exception>
    public void Avoid(MessageChannel channel, AvoidPeer request)
    {
        lock (_lock) Swarm(channel, request.Id).Avoid(Client(channel), request.Peer, request.Wrong);
    }

    /// <summary>A standing channel has closed.</summary>
    public void Leave(MessageChannel channel)
    {
        lock (_lock)
        {
            if (!_clients.Remove(channel, out SwarmClientEntry? client)) return;
            foreach ((string id, FileSwarm swarm) in _files.ToArray()) Leave(id, swarm, client);
        }
    }

    /// <summary>A file is no longer shared.</summary>
    public void Forget(string id)
    {
        lock (_lock) _files.Remove(id);
    }

    private void Leave(string id, FileSwarm swarm, SwarmClientEntry client)
    {
        swarm.Leave(client);
        if (swarm.IsEmpty) _files.Remove(id);
    }

    private SwarmClientEntry Client(MessageChannel channel) => _clients.GetValueOrDefault(channel)
        ?? throw new UserErrorException("no-swarm", "This client has not joined the swarm.");

    private FileSwarm Swarm(MessageChannel channel, string id)
    {
        Client(channel);
        if (_files.TryGetValue(id, out FileSwarm? known)) return known;
        FileRow row = store.File(channel.Peer, id);
        if (row.File.Size == 0) throw new UserErrorException("bad-request", "This file has no blocks.");
        return _files[id] = new FileSwarm(row, () => options().SwarmSeeds, time, Random.Shared);
    }

    private static byte[] Secret(string text)
    {
        const int most = 64;
        byte[] secret = new byte[most];
        return text.Length <= most && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, secret, out int length) && length >= 16
            ? secret[..length]
            : throw new UserErrorException("bad-request", "secret must be base64url of 16 bytes or more.");
    }
}
