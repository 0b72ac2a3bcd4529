namespace LanCollab.Tests.Contracts;

public class SourceSpecTests
{
    [Theory]
    [InlineData("none", SourceKind.None, "")]
    [InlineData("browser", SourceKind.Browser, "")]
    [InlineData("device", SourceKind.Device, "")]
    [InlineData("device:2", SourceKind.Device, "2")]
    [InlineData("file:/a/b:c.wav", SourceKind.File, "/a/b:c.wav")]
    public void A_source_reads_and_writes_alike(string text, SourceKind kind, string target)
    {
        SourceSpec spec = SourceSpec.Parse(text);
        Assert.Equal((kind, target, text), (spec.Kind, spec.Target, spec.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("file")]
    [InlineData("file:")]
    [InlineData("browser:1")]
    [InlineData("camera")]
    public void Anything_else_is_refused_with_what_is_allowed(string text) =>
        Assert.Contains("none, browser, device or file:", Assert.Throws<UserErrorException>(() => SourceSpec.Parse(text)).Message);

    [Fact]
    public void The_default_is_none() => Assert.Equal("none", default(SourceSpec).ToString());
}
