using LanCollab.Host.Net;

namespace LanCollab.Tests.Host.Net;

public class ServerAddressTests
{
    [Theory]
    [InlineData("192.168.1.5", "192.168.1.5:5870")]
    [InlineData(" hub:6000 ", "hub:6000")]
    [InlineData("::1", "[::1]:5870")]
    [InlineData("[fe80::1]:7", "[fe80::1]:7")]
    [InlineData("[::1]", "[::1]:5870")]
    public void What_people_type_is_understood(string typed, string meant) => Assert.Equal(meant, ServerAddress.Parse(typed, 5870).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("hub:")]
    [InlineData("hub:0")]
    [InlineData("hub:65536")]
    [InlineData("hub:-1")]
    [InlineData("two words")]
    [InlineData("http://hub")]
    public void Anything_else_gets_a_sentence(string typed) =>
        Assert.Equal("bad-address", Assert.Throws<UserErrorException>(() => ServerAddress.Parse(typed, 5870)).Code);
}
