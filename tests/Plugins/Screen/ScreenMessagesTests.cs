using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Plugins.Screen;

namespace LanCollab.Tests.Plugins.Screen;

public partial class ScreenMessagesTests
{
    [Fact]
    public void The_example_of_every_message_reads_and_writes_the_same()
    {
        MatchCollection examples = Example().Matches(File.ReadAllText(Source("../../../Plugins/Screen/ScreenMessages.cs")));
        Assert.Equal(ScreenMessages.Set.Names.Order(), examples.Select(match => match.Groups["name"].Value).Order());
        foreach (Match example in examples)
        {
            Envelope envelope = Envelope.Read(System.Text.Encoding.UTF8.GetBytes(
                $$"""{"type":"{{example.Groups["name"].Value}}","body":{{example.Groups["json"].Value}}}"""));
            Type type = typeof(ScreenMessages).Assembly.GetTypes().Single(t => IsNamed(t, envelope.Type));
            object message = ScreenMessages.Set.Decode(type, envelope.Body.Span);
            Assert.Equal(example.Groups["json"].Value, JsonSerializer.Serialize(message, ScreenMessages.Set.JsonOf(type)));
        }
    }

    [Fact]
    public void That_nobody_presents_is_said_and_not_left_out() =>
        Assert.Contains("\"id\":null", System.Text.Encoding.UTF8.GetString(ScreenMessages.Set.Encode(Presenter.Nobody)));

    private static bool IsNamed(Type type, string name) =>
        type.GetCustomAttributes(typeof(MessageAttribute), false) is [MessageAttribute message] && message.Name == name;

    private static string Source(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, path);

    [GeneratedRegex("""<code>(?<json>\{.*\})</code>(?:(?!\[Message)[\s\S])*\[Message\("(?<name>[^"]+)"\)""")]
    private static partial Regex Example();
}
