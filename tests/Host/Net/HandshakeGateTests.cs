using System.Net;
using LanCollab.Host.Net;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Host.Net;

public class HandshakeGateTests
{
    private static readonly IPAddress Ann = IPAddress.Parse("10.0.0.1"), Ben = IPAddress.Parse("10.0.0.2"), Cleo = IPAddress.Parse("10.0.0.3");

    private readonly FakeTimeProvider _time = new();
    private HandshakeLimits _limits = new(3, 2, 8);

    [Fact]
    public async Task One_address_cannot_take_all_places_and_ipv4_over_ipv6_is_the_same_address()
    {
        HandshakeGate gate = Gate();
        Assert.True(await Enter(gate, Ann));
        Assert.True(await Enter(gate, Ann.MapToIPv6()));
        Task<bool> third = Enter(gate, Ann);
        Assert.False(third.IsCompleted);
        Assert.True(await Enter(gate, Ben));
        gate.Leave(Ann);
        Assert.True(await third);
    }

    [Fact]
    public async Task Lines_take_turns_so_that_a_flood_waits_behind_itself()
    {
        HandshakeGate gate = Gate();
        Assert.True(await Enter(gate, Ann) && await Enter(gate, Ann) && await Enter(gate, Ben));
        Task<bool>[] flood = [Enter(gate, Ann), Enter(gate, Ann), Enter(gate, Ann)];
        Task<bool> late = Enter(gate, Cleo);
        gate.Leave(Ben);
        Assert.True(await late);
        gate.Leave(Cleo);
        Assert.All(flood, turn => Assert.False(turn.IsCompleted));
        gate.Leave(Ann);
        Assert.True(await flood[0]);
        Assert.False(flood[1].IsCompleted);
    }

    [Fact]
    public async Task One_address_waits_with_half_of_the_free_places_at_most()
    {
        HandshakeGate gate = Gate();
        Assert.True(await Enter(gate, Ann) && await Enter(gate, Ann));
        Task<bool>[] flood = [.. Enumerable.Range(0, 100).Select(_ => Enter(gate, Ann))];
        Assert.Equal(4, flood.Count(turn => !turn.IsCompleted));
        foreach (Task<bool> refused in flood.Where(turn => turn.IsCompleted)) Assert.False(await refused);
        Assert.True(await Enter(gate, Ben));
        Assert.False(Enter(gate, Cleo).IsCompleted);
    }

    [Fact]
    public async Task A_place_that_does_not_come_within_10_s_is_given_up_and_the_next_one_gets_it()
    {
        HandshakeGate gate = Gate();
        Assert.True(await Enter(gate, Ann) && await Enter(gate, Ann));
        Task<bool> early = Enter(gate, Ann);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Task<bool> late = Enter(gate, Ann);
        Assert.False(early.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(await early);
        gate.Leave(Ann);
        Assert.True(await late);
    }

    [Fact]
    public async Task Limits_may_change_while_people_wait()
    {
        HandshakeGate gate = Gate();
        Assert.True(await Enter(gate, Ann) && await Enter(gate, Ann));
        Task<bool>[] waiting = [Enter(gate, Ann), Enter(gate, Ann)];
        _limits = new(10, 10, 8);
        gate.Leave(Ann);
        Assert.True(await waiting[0] && await waiting[1]);
    }

    [Fact]
    public async Task A_thousand_who_come_and_go_at_once_leave_no_place_taken()
    {
        _limits = new(3, 2, 4000);
        HandshakeGate gate = Gate();
        int inside = 0, most = 0;
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Task.Run(async () =>
        {
            IPAddress address = new([10, 0, 0, (byte)(i % 7)]);
            Assert.True(await Enter(gate, address));
            InterlockedMax(ref most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            gate.Leave(address);
        })));
        Assert.InRange(most, 1, 3);
        Assert.True(await Enter(gate, Ann) && await Enter(gate, Ann) && await Enter(gate, Ben));
    }

    private HandshakeGate Gate() => new(() => _limits, _time);

    private static Task<bool> Enter(HandshakeGate gate, IPAddress address) => gate.EnterAsync(address, CancellationToken.None).AsTask();

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = target; value > seen && Interlocked.CompareExchange(ref target, value, seen) != seen;) seen = target;
    }
}
