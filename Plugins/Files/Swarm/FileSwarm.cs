using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Who has which blocks of one file, and who gets the next ones where: the rarest first, from the member with the least to do; from the hub only what
/// nobody else has and fewer than <paramref name="seeds"/> members are getting there already, so that copies spread instead of crossing the hub's wire.
/// Not for several threads at a time.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="seeds">How often the hub sends the same block at a time.</param>
/// <param name="time">For grants that hang.</param>
/// <param name="random">Chooses among equals.</param>
internal sealed class FileSwarm(FileRow file, Func<int> seeds, TimeProvider time, Random random)
{
    /// <summary>Blocks that one plan looks at, from a random one on: it costs the same for the largest file.</summary>
    private const int MostSeen = 256;
    private const int MostPlanned = 16;
    private const int MostFromHub = 4;
    private const int MostSources = 6;
    private const int MostLoad = 16;

    /// <summary>After this a member that was sent to the hub for a block holds it back from the others no longer.</summary>
    private static readonly TimeSpan GrantTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<SwarmClientEntry, SwarmMember> _members = [];
    private readonly int _count = BlockLayout.Count(file.File.Size);

    private sealed record Candidate(int Block, List<SwarmMember> Holders, int Grants);

    /// <summary>Nobody takes part.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>The member's part; made when it is not there.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>: the file is not for this person.</exception>
    public SwarmMember Of(SwarmClientEntry client)
    {
        if (_members.TryGetValue(client, out SwarmMember? member)) return member;
        if (!file.IsFor(client.Peer)) throw new UserErrorException("unknown-file", "This file is not shared in this room any more.");
        return _members[client] = new SwarmMember(client, _count);
    }

    /// <summary>A member has blocks.</summary>
    /// <exception cref="ProtocolErrorException">The file has no such blocks.</exception>
    public void Have(SwarmClientEntry client, int[][] blocks)
    {
        SwarmMember member = Of(client);
        int told = 0;
        foreach (int block in BlockRanges.Blocks(blocks, _count))
        {
            // Ranges that overlap would be work without end for everybody who waits for a plan.
            if (++told > _count) throw new ProtocolErrorException($"More than {_count} blocks are told of a file that has so many.");
            member.Have[block] = true;
            member.Settle(block);
        }
        if (!member.Have.HasAllSet()) return;
        foreach (SwarmMember source in member.Sources.ToArray()) member.Release(source);
    }

    /// <summary>A member takes no more blocks from another one.</summary>
    public void Avoid(SwarmClientEntry client, string peer, bool wrong)
    {
        SwarmMember member = Of(client);
        if (_members.Values.FirstOrDefault(other => other.Client.Key == peer) is not { } source || source == member) return;
        // Only who was sent there can know.
        if (wrong && member.Sources.Contains(source)) source.Client.Accuse(client.Peer);
        member.Avoided.Add(source);
        member.Release(source);
    }

    /// <summary>A member has gone, or gives nothing any more.</summary>
    public void Leave(SwarmClientEntry client)
    {
        if (!_members.Remove(client, out SwarmMember? member)) return;
        foreach (SwarmMember source in member.Sources.ToArray()) member.Release(source);
        foreach (SwarmMember taker in _members.Values) taker.Release(member);
    }

    /// <summary>Where a member gets its next blocks.</summary>
    /// <exception cref="ProtocolErrorException">The file has no such blocks.</exception>
    public BlockPlan Plan(SwarmClientEntry client, AskPlan request)
    {
        SwarmMember member = Of(client);
        HashSet<int> busy = [.. BlockRanges.Blocks(request.Busy, _count).Take(MostSeen)];
        foreach (int block in member.Given.Keys.Where(block => !busy.Contains(block)).ToArray()) member.Settle(block);
        if (_members.Count == 1) return new BlockPlan(true, [], []);
        var fromHub = new List<int>();
        var fromPeers = new Dictionary<SwarmMember, List<int>>();
        int left = Math.Min(request.Want, MostPlanned), hubLeft = MostFromHub - member.Given.Values.Count(given => given.From is null);
        foreach (Candidate candidate in Candidates(member, busy).OrderBy(c => c.Holders.Count + c.Grants))
        {
            if (left == 0) break;
            if (candidate.Holders.Count > 0)
            {
                if (Choose(member, candidate) is not { } source) continue;
                Connect(member, source);
                source.Load++;
                (fromPeers.TryGetValue(source, out List<int>? blocks) ? blocks : (fromPeers[source] = [])).Add(candidate.Block);
                member.Given[candidate.Block] = (source, time.GetTimestamp());
            }
            else
            {
                if (candidate.Grants >= seeds() || hubLeft-- <= 0) continue;
                fromHub.Add(candidate.Block);
                member.Given[candidate.Block] = (null, time.GetTimestamp());
            }
            left--;
        }
        // Nothing to get from those it knows: room for another one.
        if (fromHub.Count == 0 && fromPeers.Count == 0 && member.Given.Count == 0 && member.Sources.FirstOrDefault() is { } idle) member.Release(idle);
        return new BlockPlan(false, Ranges(fromHub), [.. fromPeers.Select(given => Tell(client, given.Key, given.Value))]);
    }

    private IEnumerable<Candidate> Candidates(SwarmMember member, HashSet<int> busy)
    {
        int start = random.Next(_count), seen = 0;
        for (int i = 0; i < _count && seen < MostSeen; i++)
        {
            int block = (start + i) % _count;
            if (member.Have[block] || busy.Contains(block)) continue;
            seen++;
            List<SwarmMember> holders = [.. _members.Values.Where(other => other.Have[block] && other.Client.Serves && !member.Avoided.Contains(other))];
            yield return new Candidate(block, holders, holders.Count > 0 ? 0 : _members.Values.Count(other => Gets(other, block)));
        }
    }

    private bool Gets(SwarmMember other, int block) =>
        other.Given.TryGetValue(block, out var given) && given.From is null && time.GetElapsedTime(given.At) < GrantTime;

    private static SwarmMember? Choose(SwarmMember member, Candidate candidate) => candidate.Holders
        .Where(holder => holder.Load < MostLoad
            && (member.Sources.Contains(holder) || (member.Sources.Count < MostSources && holder.Takers < holder.Client.Door.Most)))
        .MinBy(holder => (holder.Load, holder.Takers));

    private static void Connect(SwarmMember member, SwarmMember source)
    {
        if (member.Sources.Add(source)) source.Takers++;
    }

    private PeerBlocks Tell(SwarmClientEntry asker, SwarmMember source, List<int> blocks)
    {
        SwarmClientEntry client = source.Client;
        string token = SwarmToken.Make(client.Secret, file.File.Id, asker.Door.Fingerprint);
        return new PeerBlocks(client.Key, client.Address.ToString(), client.Door.Port, client.Door.Fingerprint, token, Ranges(blocks));
    }

    private static int[][] Ranges(List<int> blocks) => BlockRanges.Of(blocks.Order());
}
