using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Plugins.Files;

namespace LanCollab.Tests.Plugins.Files;

public partial class FilesMessagesTests
{
    [Fact]
    public void The_example_of_every_message_reads_and_writes_the_same()
    {
        Match[] examples = [.. ((string[])["FilesMessages.cs", "FilesBridgeMessages.cs", "Swarm/SwarmMessages.cs"]).SelectMany(file => Example().Matches(Source(file)))];
        Assert.Equal(FilesJson.Messages.Names.Order(), examples.Select(match => match.Groups["name"].Value).Order());
        foreach (Match example in examples) RoundTrip(example.Groups["name"].Value, example.Groups["json"].Value);
    }

    private static void RoundTrip(string name, string json)
    {
        Type type = typeof(FilesJson).Assembly.GetTypes().Single(t => t.GetCustomAttributes(typeof(MessageAttribute), false) is [MessageAttribute m] && m.Name == name);
        object message = JsonSerializer.Deserialize(json, FilesJson.Messages.JsonOf(type))!;
        string written = JsonSerializer.Serialize(message, FilesJson.Messages.JsonOf(type));
        using JsonDocument expected = JsonDocument.Parse(json), actual = JsonDocument.Parse(written);
        Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement), $"{name}: {json} became {written}");
    }

    private static string Source(string file, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../Plugins/Files", file));

    [GeneratedRegex("""<c>(?<json>\{[^<]*\})</c>(?:(?!<c>\{).)*?\[Message\("(?<name>[^"]+)"\)""", RegexOptions.Singleline)]
    private static partial Regex Example();
}
