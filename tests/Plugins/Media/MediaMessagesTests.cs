using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Tests.Plugins.Media;

public sealed partial class MediaMessagesTests
{
    [Fact]
    public void The_example_of_every_message_reads_and_writes_the_same()
    {
        string[] sources = [File.ReadAllText(Source("Audio/AudioMessages.cs")), File.ReadAllText(Source("Video/VideoMessages.cs"))];
        Match[] examples = [.. sources.SelectMany(source => Example().Matches(source))];
        Assert.Equal(MediaMessages.Set.Names.Order(), examples.Select(match => match.Groups["name"].Value).Order());
        foreach (Match example in examples)
        {
            Type type = MediaMessages.Set.TypeOf(example.Groups["name"].Value)!;
            object message = MediaMessages.Set.Decode(type, System.Text.Encoding.UTF8.GetBytes(example.Groups["json"].Value));
            string written = JsonSerializer.Serialize(message, MediaMessages.Set.JsonOf(type));
            using JsonDocument one = JsonDocument.Parse(example.Groups["json"].Value), two = JsonDocument.Parse(written);
            Assert.True(JsonElement.DeepEquals(one.RootElement, two.RootElement), $"{type.Name}: {written}");
        }
    }

    [Fact]
    public void Figures_of_somebody_whose_round_trip_is_not_known_yet_are_read()
    {
        var stats = new Stats([new PeerStats("a1b2c3d4e5f60718", "Ann", Jitter: 1.5, Loss: 0, Bitrate: 31_000, Level: 127)]);
        byte[] written = JsonSerializer.SerializeToUtf8Bytes(stats, MediaMessages.Set.JsonOf(typeof(Stats)));
        Assert.Equal(stats.Peers, Assert.IsType<Stats>(MediaMessages.Set.Decode(typeof(Stats), written)).Peers);
    }

    private static string Source(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../../Plugins/Media", name);

    [GeneratedRegex("""<example><code>(?<json>[^\n]*)</code></example>(?:(?!<example>)[\s\S])*?\[Message\("(?<name>[^"]+)"\)""")]
    private static partial Regex Example();
}
