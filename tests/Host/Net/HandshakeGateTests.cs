using System.Net;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class HandshakeGateTests
{
    [Fact]
    public void One_address_cannot_take_all_places_and_ipv4_over_ipv6_is_the_same_address()
    {
        var gate = new HandshakeGate(3, 2);
        IPAddress v4 = IPAddress.Parse("10.0.0.1");
        Assert.True(gate.TryEnter(v4));
        Assert.True(gate.TryEnter(v4.MapToIPv6()));
        Assert.False(gate.TryEnter(v4));
        Assert.True(gate.TryEnter(IPAddress.Parse("10.0.0.2")));
        Assert.False(gate.TryEnter(IPAddress.Parse("10.0.0.3")));
        gate.Leave(v4);
        Assert.True(gate.TryEnter(IPAddress.Parse("10.0.0.3")));
    }
}
