using System.Net;
using LanCollab.Host.Discovery;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Host.Discovery;

public class AnnouncerTests : DiscoveryTestBase
{
    private static readonly IPEndPoint Group = new(DiscoveryGroups.IPv4, 5869);

    [Fact]
    public async Task It_announces_in_a_burst_and_then_every_30_seconds()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        await PassAsync(2.5);
        Assert.Equal(3 * 2, Lan.Sent.Count);
        Assert.Equal([IPAddress.Parse("10.0.0.255"), DiscoveryGroups.IPv4], Lan.Sent.All.Select(s => s.To.Address).Distinct().OrderBy(a => a.ToString()));
        await PassAsync(29);
        Assert.Equal(3 * 2, Lan.Sent.Count);
        await PassAsync(1);
        Assert.Equal(4 * 2, Lan.Sent.Count);
    }

    [Fact]
    public async Task Each_interface_announces_from_its_own_address()
    {
        Serve(Lan.Machine().Plug("a", "10.0.1.1").Plug("b", "10.0.2.1").Plug("b", "fe80::1", 64));
        await PassAsync(0.2);
        Assert.Equal(
            ["10.0.1.1 10.0.1.255", "10.0.1.1 239.255.58.69", "10.0.2.1 10.0.2.255", "10.0.2.1 239.255.58.69", "fe80::1%3 ff12::4c61:6e43:6f6c%3"],
            Lan.Sent.All.Select(s => $"{s.From.Address} {s.To.Address}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_on_one_address_is_announced_from_that_address_alone()
    {
        Serve(Lan.Machine().Plug("a", "10.0.1.1").Plug("b", "10.0.2.1"), bind: "10.0.2.1");
        await PassAsync(0.2);
        Assert.Equal([IPAddress.Parse("10.0.2.1")], Lan.Sent.All.Select(s => s.From.Address).Distinct());
    }

    [Fact]
    public async Task An_answer_goes_to_who_asked_alone_and_carries_the_nonce()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        var asker = new IPEndPoint(IPAddress.Parse("10.0.0.7"), 4711);
        Lan.Machine().Plug("office", "10.0.0.7").Forge("office", asker, Group, DiscoveryLayout.Probe(42));
        SentDatagram answer = await Lan.Sent.WaitAsync(s => s.To.Equals(asker));
        Assert.True(DiscoveryLayout.TryReadHeader(answer.Bytes, out _, out DiscoveryKind kind, out ulong nonce));
        Assert.Equal((DiscoveryKind.Answer, 42UL), (kind, nonce));
        Assert.True(answer.Bytes.Length <= DiscoveryLayout.ProbeSize);
    }

    [Fact]
    public async Task Who_is_no_neighbour_gets_no_answer()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        FakeMachine stranger = Lan.Machine().Plug("office", "10.0.0.7");
        stranger.Forge("office", new IPEndPoint(IPAddress.Parse("192.0.2.9"), 53), Group, DiscoveryLayout.Probe(1));
        await FenceAsync(stranger);
        Assert.DoesNotContain(Lan.Sent.All, s => s.To.Address.Equals(IPAddress.Parse("192.0.2.9")));
    }

    [Fact]
    public async Task A_probe_that_is_shorter_than_its_answer_gets_none()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        FakeMachine stranger = Lan.Machine().Plug("office", "10.0.0.7");
        stranger.Forge("office", new IPEndPoint(IPAddress.Parse("10.0.0.8"), 4000), Group, DiscoveryLayout.Probe(1)[..14]);
        await FenceAsync(stranger);
        Assert.DoesNotContain(Lan.Sent.All, s => s.To.Address.Equals(IPAddress.Parse("10.0.0.8")));
    }

    [Fact]
    public async Task No_random_datagram_is_answered_with_more_than_it_has()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        FakeMachine stranger = Lan.Machine().Plug("office", "10.0.0.7");
        var asker = new IPEndPoint(IPAddress.Parse("10.0.0.66"), 4000);
        int longest = 0;
        CsCheck.Check.Sample(Generators.Datagram, datagram =>
        {
            stranger.Forge("office", asker, Group, datagram);
            longest = Math.Max(longest, datagram.Length);
            Time.Advance(TimeSpan.FromSeconds(1));
        }, iter: 2000, threads: 1);
        await FenceAsync(stranger);
        // Each answer is matched with the question of its nonce.
        foreach (SentDatagram answer in Lan.Sent.All.Where(s => s.To.Equals(asker)))
        {
            DiscoveryLayout.TryReadHeader(answer.Bytes, out _, out _, out ulong nonce);
            Assert.Contains(Lan.Sent.All, s => s.From.Equals(asker) && s.Bytes.Length >= answer.Bytes.Length
                && DiscoveryLayout.TryReadHeader(s.Bytes, out _, out DiscoveryKind kind, out ulong asked) && kind == DiscoveryKind.Probe && asked == nonce);
        }
        Assert.True(longest > 0);
    }

    [Fact]
    public void At_most_ten_answers_a_second_and_who_asks_without_end_takes_nobodys_place()
    {
        var time = new FakeTimeProvider();
        var limits = new AnswerLimits(time);
        IPAddress greedy = IPAddress.Parse("10.0.0.66");
        var answered = new Dictionary<IPAddress, int>();
        ulong nonce = 0;
        const int Seconds = 60;
        for (int tick = 0; tick < Seconds * 100; tick++)
        {
            Ask(greedy);
            if (tick % 50 == 0) Ask(new IPAddress([10, 0, 0, (byte)(1 + tick / 50 % 20)]));
            time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.InRange(answered.Values.Sum(), 1, AnswerLimits.PerSecond * (Seconds + 1));
        Assert.InRange(answered[greedy], 1, 4 * Seconds + 8);
        // The modest ones asked twice a second altogether: all of them were answered each time.
        Assert.Equal(2 * Seconds, answered.Where(a => !a.Key.Equals(greedy)).Sum(a => a.Value));

        void Ask(IPAddress from)
        {
            if (limits.Decide(from, ++nonce) == AnswerDecision.Answer) answered[from] = answered.GetValueOrDefault(from) + 1;
        }
    }

    [Fact]
    public void A_crowd_that_asks_at_once_is_served_by_one_announcement()
    {
        var limits = new AnswerLimits(new FakeTimeProvider());
        AnswerDecision[] decisions = [.. Enumerable.Range(1, 100).Select(i => limits.Decide(new IPAddress([10, 0, 0, (byte)i]), 7))];
        Assert.Equal(AnswerLimits.PerSecond, decisions.Count(d => d == AnswerDecision.Answer));
        Assert.Equal(1, decisions.Count(d => d == AnswerDecision.Announce));
    }

    [Fact]
    public async Task One_question_that_comes_by_group_and_broadcast_is_answered_once()
    {
        var limits = new AnswerLimits(new FakeTimeProvider());
        IPAddress one = IPAddress.Parse("10.0.0.7");
        Assert.Equal(AnswerDecision.Answer, limits.Decide(one, 1));
        Assert.Equal(AnswerDecision.Ignore, limits.Decide(one, 1));
        Assert.Equal(AnswerDecision.Answer, limits.Decide(one, 2));
    }

    /// <summary>All that was sent before has been looked at when this is answered: one socket, in order.</summary>
    private async Task FenceAsync(FakeMachine stranger)
    {
        Time.Advance(TimeSpan.FromSeconds(5));
        var fence = new IPEndPoint(IPAddress.Parse("10.0.0.200"), 4999);
        stranger.Forge("office", fence, Group, DiscoveryLayout.Probe(0xFE2CE));
        await Lan.Sent.WaitAsync(s => s.To.Equals(fence));
    }
}
