using LanCollab.Host.Configuration;

namespace LanCollab.Tests.Host.Configuration;

public class CommandLineTests
{
    [Fact]
    public void Settings_may_be_written_with_or_without_an_equals_sign()
    {
        CommandLine command = CommandLine.Parse(["--role", "client", "--Client:Name=Ann", "--Client:Room", "R", "--config=here"]);
        Assert.Equal(("client", "here", "Ann", "R"), (command.Role, command.ConfigDirectory, command.Settings["client:name"], command.Settings["Client:Room"]));
    }

    [Fact]
    public void A_child_is_told_to_end_with_its_standard_input() =>
        Assert.True(CommandLine.Parse(["--role", "client", "--lifeline", "stdin"]).Lifeline);

    [Theory]
    [InlineData]
    [InlineData("--role", "king")]
    [InlineData("--role")]
    [InlineData("server")]
    [InlineData("--role", "server", "--lifeline", "rope")]
    [InlineData("--role", "server", "--colour", "red")]
    public void Anything_else_is_refused_with_the_usage(params string[] arguments) =>
        Assert.Contains("usage:", Assert.Throws<ConfigurationErrorException>(() => CommandLine.Parse(arguments)).Message);
}
