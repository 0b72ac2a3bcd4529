using System.Collections;
using System.Net;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A client that takes part, as the hub knows it; lives as long as its standing channel.</summary>
/// <param name="peer">The person.</param>
/// <param name="address">As the hub sees it.</param>
internal sealed class SwarmClientEntry(Peer peer, IPAddress address)
{
    /// <summary>So many people who got wrong blocks end a client's part: one alone might lie.</summary>
    private const int MostAccusers = 2;

    private readonly HashSet<string> _accusers = [];

    /// <summary>Its name towards other clients; it says nothing about seat or person.</summary>
    public string Key { get; } = RandomId.Hex(8);

    public Peer Peer => peer;

    public IPAddress Address => address;

    /// <summary>As it joined last.</summary>
    public required JoinSwarm Door { get; set; }

    /// <summary>The door's secret.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>Whether others may be sent to it.</summary>
    public bool Serves => Door.Port > 0 && _accusers.Count < MostAccusers;

    /// <summary>Somebody got a wrong block from it.</summary>
    public void Accuse(Peer by) => _accusers.Add(by.Person);
}

/// <summary>A client's part in the swarm of one file.</summary>
/// <param name="client">Who.</param>
/// <param name="count">Of the file's blocks.</param>
internal sealed class SwarmMember(SwarmClientEntry client, int count)
{
    public SwarmClientEntry Client => client;

    /// <summary>Blocks it has told to have.</summary>
    public BitArray Have { get; } = new(count);

    /// <summary>Blocks it was sent for and does not have yet, with the member they come from (null: the hub) and when that was said.</summary>
    public Dictionary<int, (SwarmMember? From, long At)> Given { get; } = [];

    /// <summary>Members it does not want blocks from.</summary>
    public HashSet<SwarmMember> Avoided { get; } = [];

    /// <summary>Members it gets blocks from.</summary>
    public HashSet<SwarmMember> Sources { get; } = [];

    /// <summary>How many members get blocks from this one.</summary>
    public int Takers { get; set; }

    /// <summary>Blocks that others were sent here for and do not have yet.</summary>
    public int Load { get; set; }

    /// <summary>It has the block, or does not wait for it any more.</summary>
    public void Settle(int block)
    {
        if (Given.Remove(block, out var given) && given.From is { } from) from.Load--;
    }

    /// <summary>It is connected to that member no more.</summary>
    public void Release(SwarmMember source)
    {
        foreach (int block in Given.Where(given => given.Value.From == source).Select(given => given.Key).ToArray()) Settle(block);
        if (Sources.Remove(source)) source.Takers--;
    }
}
