using LanCollab.Host.Discovery;
using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Discovery;

public class JoinLinkTests
{
    private static readonly string Fingerprint = string.Concat(Enumerable.Repeat("9F", 32));

    [Fact]
    public void A_link_comes_back_as_it_was_written()
    {
        foreach (var address in new ServerAddress[] { new("192.168.1.5", 5870), new("hub.local", 6000), new("fe80::1%3", 5870) })
        {
            var link = new JoinLink(address, Fingerprint);
            Assert.Equal(link, JoinLink.Parse(link.ToString(), 1));
        }
    }

    [Theory]
    [InlineData("lancollab://10.0.0.5:6000/#room=Bridge&fp=FP", "10.0.0.5:6000")]
    [InlineData(" LANCOLLAB://10.0.0.5#fp=FP ", "10.0.0.5:5870")]
    [InlineData("lancollab://[fe80::1]:5870/#fp=FP", "[fe80::1]:5870")]
    public void What_people_paste_is_read(string text, string address)
    {
        JoinLink link = JoinLink.Parse(text.Replace("FP", Fingerprint.ToLowerInvariant()), 5870);
        Assert.Equal((address, Fingerprint), (link.Address.ToString(), link.Fingerprint));
    }

    [Theory]
    [InlineData("lancollab://10.0.0.5:5870/#fp=9F9F")]
    [InlineData("lancollab://10.0.0.5:5870/#fp=")]
    [InlineData("lancollab://:5870/")]
    [InlineData("lancollab://10.0.0.5:99999/#fp=FP")]
    [InlineData("lancollab:///#fp=FP")]
    public void A_damaged_link_is_refused_with_a_sentence(string text) =>
        Assert.Equal("bad-address", Assert.Throws<UserErrorException>(() => JoinLink.Parse(text.Replace("FP", Fingerprint), 5870)).Code);

    [Fact]
    public void A_link_without_a_fingerprint_is_an_address() =>
        Assert.Null(JoinLink.Parse("lancollab://10.0.0.5:5870/", 5870).Fingerprint);
}
