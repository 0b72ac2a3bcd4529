using System.Net;
using LanCollab.Plugins.Files;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>The hub's plan, without a network.</summary>
public class FileSwarmTests
{
    private const int Blocks = 100, Seeds = 2;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Thirty_members_get_all_blocks_and_the_hub_sends_each_as_often_as_it_may_and_no_more()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        FileSwarm swarm = NewSwarm(random);
        var members = Enumerable.Range(0, 30).Select(i => (Client: NewClient($"p{i}"), Left: Enumerable.Range(0, Blocks).ToHashSet(), Busy: new HashSet<int>())).ToList();
        // Everybody is there before the first block is, as when a teacher says so.
        foreach (var member in members) swarm.Of(member.Client);
        var fromHub = new int[Blocks];
        for (int round = 0; members.Any(m => m.Left.Count > 0); round++)
        {
            Assert.True(round < 1000, "Nothing moves any more.");
            foreach (var (client, left, busy) in members.Where(m => m.Left.Count > 0))
            {
                BlockPlan plan = swarm.Plan(client, new AskPlan("id", 12 - busy.Count, BlockRanges.Of(busy.Order())));
                foreach (int block in BlockRanges.Blocks(plan.Hub, Blocks))
                {
                    fromHub[block]++;
                    Assert.True(left.Contains(block) && busy.Add(block));
                }
                foreach (PeerBlocks peer in plan.Peers)
                {
                    // The one that is named has the blocks.
                    var source = members.Single(m => m.Client.Key == peer.Peer);
                    foreach (int block in BlockRanges.Blocks(peer.Blocks, Blocks)) Assert.True(!source.Left.Contains(block) && left.Contains(block) && busy.Add(block));
                }
                foreach (int block in busy.Where(_ => random.Next(2) == 0).ToArray())
                {
                    busy.Remove(block);
                    left.Remove(block);
                    swarm.Have(client, [[block, block]]);
                }
            }
        }
        Assert.All(fromHub, count => Assert.InRange(count, 1, Seeds));
    }

    [Fact]
    public void Who_is_alone_gets_all_from_the_hub()
    {
        FileSwarm swarm = NewSwarm(new Random(1));
        SwarmClientEntry ada = NewClient("Ada");
        Assert.True(swarm.Plan(ada, new AskPlan("id", 8, [])).Alone);
        swarm.Of(NewClient("Bob"));
        Assert.False(swarm.Plan(ada, new AskPlan("id", 8, [])).Alone);
    }

    [Fact]
    public void Who_was_sent_to_the_hub_and_hangs_holds_a_block_back_for_a_while_only()
    {
        FileSwarm swarm = NewSwarm(new Random(1), blocks: 1);
        SwarmClientEntry[] clients = [.. Enumerable.Range(0, 4).Select(i => NewClient($"p{i}"))];
        foreach (SwarmClientEntry client in clients) swarm.Of(client);
        Assert.Equal([1, 1, 0], clients[..3].Select(client => swarm.Plan(client, new AskPlan("id", 8, [])).Hub.Length));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Single(swarm.Plan(clients[3], new AskPlan("id", 8, [])).Hub);
    }

    [Fact]
    public void Two_accusers_end_a_source_and_one_alone_does_not()
    {
        FileSwarm swarm = NewSwarm(new Random(1));
        SwarmClientEntry liar = NewClient("Liar");
        swarm.Have(liar, [[0, Blocks - 1]]);
        foreach (string name in (string[])["Ada", "Bob"])
        {
            SwarmClientEntry client = NewClient(name);
            Assert.Equal(liar.Key, Assert.Single(swarm.Plan(client, new AskPlan("id", 8, [])).Peers).Peer);
            // Twice by the same person is once.
            for (int i = 0; i < 2; i++) swarm.Avoid(client, liar.Key, wrong: true);
        }
        Assert.Empty(swarm.Plan(NewClient("Cleo"), new AskPlan("id", 8, [])).Peers);
        // Who was never sent there cannot know.
        SwarmClientEntry honest = NewClient("Honest");
        swarm.Have(honest, [[0, Blocks - 1]]);
        foreach (string name in (string[])["Mallory", "Mallory's friend"]) swarm.Avoid(NewClient(name), honest.Key, wrong: true);
        Assert.Single(swarm.Plan(NewClient("Dan"), new AskPlan("id", 8, [])).Peers);
    }

    [Fact]
    public void Ranges_that_the_file_does_not_have_or_that_overlap_without_end_are_refused()
    {
        FileSwarm swarm = NewSwarm(new Random(1));
        Assert.Throws<ProtocolErrorException>(() => swarm.Have(NewClient("Ada"), [[0, Blocks]]));
        Assert.Throws<ProtocolErrorException>(() => swarm.Have(NewClient("Ada"), [.. Enumerable.Repeat<int[]>([0, Blocks - 1], 3)]));
    }

    private FileSwarm NewSwarm(Random random, int blocks = Blocks) => new(
        new FileRow("room", "key", "Ada", null, new SharedFile("id", "a", (long)blocks * BlockLayout.Size, "", "", "", DateTimeOffset.UnixEpoch, "root")), () => Seeds, _time, random);

    private static SwarmClientEntry NewClient(string name) =>
        new(new Peer(name, name, "room"), IPAddress.Loopback) { Door = new JoinSwarm(new string('A', 64), 9, "", 16), Secret = new byte[32] };
}
