using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Plugins.Chat;

namespace LanCollab.Tests.Plugins.Chat;

public partial class ChatMessagesTests
{
    [Fact]
    public void The_example_of_every_message_reads_and_writes_the_same()
    {
        MatchCollection examples = Example().Matches(File.ReadAllText(Source()));
        Assert.Equal(ChatWire.Messages.Names.Order(), examples.Select(match => match.Groups["name"].Value).Order());
        foreach (Match example in examples)
        {
            Type type = typeof(ChatWire).Assembly.GetTypes().Single(t => Named(t, example.Groups["name"].Value));
            string json = example.Groups["json"].Value;
            object message = JsonSerializer.Deserialize(json, ChatWire.Messages.JsonOf(type))!;
            using JsonDocument written = JsonDocument.Parse(JsonSerializer.Serialize(message, ChatWire.Messages.JsonOf(type))), given = JsonDocument.Parse(json);
            foreach (JsonProperty property in given.RootElement.EnumerateObject())
                Assert.True(JsonElement.DeepEquals(property.Value, written.RootElement.GetProperty(property.Name)), $"{type.Name}.{property.Name}");
        }
    }

    private static bool Named(Type type, string name) =>
        type.GetCustomAttributes(typeof(MessageAttribute), false) is [MessageAttribute message] && message.Name == name;

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../../Plugins/Chat/ChatMessages.cs");

    [GeneratedRegex("""<example><code>(?<json>.*)</code></example>\s*\[Message\("(?<name>[^"]+)"\)""")]
    private static partial Regex Example();
}
