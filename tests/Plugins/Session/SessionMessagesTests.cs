using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using LanCollab.Plugins.Session;

namespace LanCollab.Tests.Plugins.Session;

public class SessionMessagesTests
{
    public static TheoryData<Type> Messages() =>
        [.. typeof(SessionProtocol).Assembly.GetTypes().Where(t => t.GetCustomAttribute<MessageAttribute>() is not null)];

    [Theory, MemberData(nameof(Messages))]
    public void The_example_of_a_message_comes_back_as_it_was_written(Type type)
    {
        string example = Example(type);
        object message = SessionProtocol.Messages.Decode(type, System.Text.Encoding.UTF8.GetBytes(example));
        ReadOnlyMemory<byte> written = Envelope.Read(SessionProtocol.Messages.Encode(message)).Body;
        Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(example).RootElement, JsonDocument.Parse(written).RootElement),
            $"{example} became {System.Text.Encoding.UTF8.GetString(written.Span)}");
    }

    [Fact]
    public void A_page_is_never_told_a_secret()
    {
        string[] secrets = ["token", "secret", "resume", "device", "admission"];
        foreach (Type type in new[] { typeof(Joined), typeof(LinkState), typeof(ServerList), typeof(MemberJoined), typeof(MemberLeft), typeof(MemberChanged), typeof(Lobby), typeof(RulesChanged), typeof(StatsList), typeof(Waiting) })
            Assert.Empty(secrets.Intersect(type.GetProperties().Select(p => p.Name), StringComparer.OrdinalIgnoreCase));
    }

    private static string Example(Type type)
    {
        string file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        XElement member = XDocument.Load(file).Descendants("member").Single(m => (string?)m.Attribute("name") == $"T:{type.FullName}");
        return member.Descendants("example").Single().Value;
    }
}
