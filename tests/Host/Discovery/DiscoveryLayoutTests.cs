using System.Net;
using CsCheck;
using LanCollab.Host.Discovery;

namespace LanCollab.Tests.Host.Discovery;

/// <summary>Datagrams for properties: noise, and well-formed ones with some bytes changed or cut off.</summary>
internal static class Generators
{
    private static readonly byte[] Whole = DiscoveryLayout.Write(
        DiscoveryKind.Announcement, 5, new ServerFacts(1, 5870, 3, 75, 1, Dialable.IPv4, IPAddress.Parse("10.0.0.1"), new byte[32], "Hub"));

    private static readonly Gen<byte[]> Noise = Gen.Byte.Array[0, 400];

    private static readonly Gen<byte[]> Bent =
        from original in Gen.Bool.Select(whole => whole ? Whole : DiscoveryLayout.Probe(77))
        from length in Gen.Int[0, original.Length]
        from at in Gen.Int[0, original.Length - 1]
        from value in Gen.Byte
        select Bend(original, length, at, value);

    public static Gen<byte[]> Datagram { get; } = Gen.OneOf(Noise, Bent);

    private static byte[] Bend(byte[] original, int length, int at, byte value)
    {
        byte[] bent = [.. original];
        bent[at] = value;
        return bent[..length];
    }
}

public class DiscoveryLayoutTests
{
    [Fact]
    public void An_announcement_comes_back_as_it_was_written()
    {
        var facts = new ServerFacts(0x0102030405060708, 5870, 7, 75, 1, Dialable.IPv4 | Dialable.IPv6, IPAddress.Parse("192.168.1.5"), [.. Enumerable.Range(0, 32).Select(i => (byte)i)], "Brücke ⚓");
        byte[] datagram = DiscoveryLayout.Write(DiscoveryKind.Answer, 99, facts);
        Assert.True(DiscoveryLayout.TryReadHeader(datagram, out _, out DiscoveryKind kind, out ulong nonce));
        Assert.Equal((DiscoveryKind.Answer, 99UL), (kind, nonce));
        Assert.True(DiscoveryLayout.TryReadFacts([.. datagram, 1, 2, 3], out ServerFacts? read));
        Assert.Equal(facts with { Fingerprint = [] }, read! with { Fingerprint = [] });
        Assert.Equal(facts.Fingerprint, read.Fingerprint);
    }

    [Fact]
    public void The_layout_is_the_one_of_the_protocol()
    {
        byte[] probe = DiscoveryLayout.Probe(0x1122334455667788);
        Assert.Equal("4C436421" + "01" + "01" + "1122334455667788", Convert.ToHexString(probe[..14]));
        Assert.Equal(192, probe.Length);
        var facts = new ServerFacts(1, 5870, 2, 75, 1, Dialable.IPv4, IPAddress.Parse("10.0.0.1"), new byte[32], "Ada");
        Assert.Equal(
            "4C436421" + "01" + "02" + "0000000000000000" + "0000000000000001" + "16EE" + "0002" + "004B" + "01" + "01" + "0A000001" + new string('0', 64) + "03" + "416461",
            Convert.ToHexString(DiscoveryLayout.Write(DiscoveryKind.Announcement, 0, facts)));
    }

    [Fact]
    public void Whatever_comes_is_read_or_refused_and_never_throws() => Generators.Datagram.Sample(datagram =>
    {
        DiscoveryLayout.TryReadHeader(datagram, out _, out _, out _);
        if (!DiscoveryLayout.TryReadFacts(datagram, out ServerFacts? facts)) return;
        Assert.NotEqual(0, facts!.Port);
        Assert.Equal(ServerName.Clean(facts.Name), facts.Name);
    }, iter: 20_000);

    [Fact]
    public void No_announcement_is_larger_than_a_probe() => Gen.String.Sample(name =>
    {
        byte[] datagram = DiscoveryLayout.Write(DiscoveryKind.Answer, 1, new ServerFacts(1, 1, 0, 0, 1, Dialable.IPv4, IPAddress.Any, new byte[32], name));
        Assert.InRange(datagram.Length, 67, DiscoveryLayout.MaxDatagram);
        Assert.True(DiscoveryLayout.MaxDatagram <= DiscoveryLayout.ProbeSize);
    }, iter: 2000);

    [Theory]
    [InlineData("Bridge", "Bridge")]
    [InlineData("  two \t\n words ", "two words")]
    [InlineData("a\u202Eb\u2066c\u0000d\u200B", "abcd")]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u0007", "")]
    public void A_name_is_shown_without_what_could_deceive(string sent, string shown) => Assert.Equal(shown, ServerName.Clean(sent));

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        string clean = ServerName.Clean(string.Concat(Enumerable.Repeat("⚓", 40)));
        Assert.Equal(string.Concat(Enumerable.Repeat("⚓", 21)), clean);
    }
}
