using System.ComponentModel.DataAnnotations;
using LanCollab.Host.Configuration;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Configuration;

public class OptionsBinderTests
{
    private sealed class Sample
    {
        [Range(1, 10)] public int Count { get; set; } = 3;
        public bool On { get; set; }
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(1);
        public string? Text { get; set; }
    }

    [Fact]
    public void Defaults_hold_until_a_later_source_says_otherwise()
    {
        Sample sample = Bind("""{"Plugins":{"Poll":{"Count":4,"Wait":"00:00:07"}}}""", ("Plugins:Poll:Count", "5"));
        Assert.Equal(5, sample.Count);
        Assert.Equal(TimeSpan.FromSeconds(7), sample.Wait);
        Assert.False(sample.On);
    }

    [Theory]
    [InlineData("Count", "11", "1 to 10")]
    [InlineData("Count", "many", "1 to 10")]
    [InlineData("On", "perhaps", "true or false")]
    [InlineData("Wait", "soon", "a time such as")]
    [InlineData("Cuont", "1", "known are Count")]
    public void A_complaint_names_file_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        var error = Assert.Throws<ConfigurationErrorException>(() => Bind($$"""{"Plugins":{"Poll":{ "{{key}}":"{{value}}" } } }"""));
        Assert.Contains("appsettings.json", error.Message);
        Assert.Contains($"Plugins:Poll:{key}", error.Message);
        Assert.Contains($"\"{value}\"", error.Message);
        Assert.Contains(allowed, error.Message);
    }

    [Fact]
    public void A_value_from_the_command_line_is_blamed_on_it() =>
        Assert.StartsWith("command line", Assert.Throws<ConfigurationErrorException>(() => Bind("{}", ("Plugins:Poll:Count", "0"))).Message);

    [Fact]
    public void An_unknown_section_and_a_file_that_is_no_JSON_are_refused()
    {
        Assert.Contains("Sever", Assert.Throws<ConfigurationErrorException>(() => Bind("""{"Sever":{"Bind":"x"}}""")).Message);
        Assert.Contains("appsettings.json", Assert.Throws<ConfigurationErrorException>(() => Bind("{ no")).Message);
    }

    private static Sample Bind(string json, params (string Key, string Value)[] typed)
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "appsettings.json"), json);
        var command = new CommandLine("server", folder.Path, typed.ToDictionary(t => t.Key, t => (string?)t.Value));
        return OptionsBinder.Bind<Sample>(Settings.Load(command), "Plugins:Poll");
    }
}
