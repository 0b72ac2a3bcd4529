using System.Text;
using System.Text.Json.Serialization;

namespace LanCollab.Tests.Contracts;

public partial class MessageSetTests
{
    private static readonly MessageSet Messages = MessageSet.Of([typeof(Order), typeof(Weight)], new OrderJson(new(MessageSet.WireOptions)));

    [Theory]
    [InlineData("""{"amount":1,"lines":[]}""", "the field \"dish\" is missing")]
    [InlineData("""{"dish":null,"amount":1,"lines":[]}""", "the field \"dish\" is incomplete or of the wrong kind")]
    [InlineData("""{"amount":1}""", "the fields \"dish\", \"lines\" are missing")]
    [InlineData("""{"dish":"soup","amount":"many","lines":[]}""", "the field \"amount\" is incomplete or of the wrong kind")]
    [InlineData("""{"dish":"soup","amount":1,"lines":[{"text":7}]}""", "the field \"lines[0].text\" is incomplete or of the wrong kind")]
    [InlineData("""{"dish":"soup","amount":1,"lines":[{}]}""", "the field \"lines[0]\" is incomplete or of the wrong kind")]
    [InlineData("[]", "its body is not the JSON object it should be")]
    [InlineData("""{"dish":"soup",""", "its body is not the JSON object it should be")]
    public void What_cannot_be_read_is_told_by_the_name_of_the_field_and_without_our_types(string body, string trouble)
    {
        var refusal = Assert.Throws<UserErrorException>(() => Messages.Decode(typeof(Order), Encoding.UTF8.GetBytes(body)));
        Assert.Equal(("bad-request", $"probe/order cannot be read: {trouble}."), (refusal.Code, refusal.Message));
    }

    /// <summary>What writes is used again for the next message of the thread.</summary>
    [Fact]
    public void A_message_is_whole_whatever_was_written_before_it_or_could_not_be()
    {
        Assert.Equal("""{"type":"probe/weight","id":7,"body":{"grams":1.5}}""", Encoding.UTF8.GetString(Messages.Encode(new Weight(1.5), 7)));
        Assert.ThrowsAny<ArgumentException>(() => Messages.Encode(new Weight(double.NaN)));
        Assert.Equal("""{"type":"ok","id":8,"body":{}}""", Encoding.UTF8.GetString(Messages.EncodeReply(8, null)));
        string dish = new('x', 200_000);
        Assert.Contains(dish, Encoding.UTF8.GetString(Messages.Encode(new Order(dish, 1, []))), StringComparison.Ordinal);
        Assert.Equal("""{"type":"error","id":9,"body":{"code":"c","message":"m","retryAfterMs":2}}""", Encoding.UTF8.GetString(MessageSet.EncodeError(9, "c", "m", TimeSpan.FromMilliseconds(1.5))));
        Assert.Equal("""{"type":"probe/weight","body":{"grams":2}}""", Encoding.UTF8.GetString(Messages.Encode(new Weight(2))));
    }

    [Fact]
    public void Types_that_take_turns_are_told_apart()
    {
        foreach (string type in (string[])["a", "a", "ab", "a", "b", "\u0061"])
            Assert.Equal(type.Replace("\u0061", "a", StringComparison.Ordinal), Envelope.Read(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}"}""")).Type);
        Assert.Throws<ProtocolErrorException>(() => Envelope.Read("""{"type":7}"""u8.ToArray()));
        Assert.Throws<ProtocolErrorException>(() => Envelope.Read("""{"type":null}"""u8.ToArray()));
    }

    [Message("probe/weight")]
    internal sealed record Weight(double Grams);

    [Message("probe/order")]
    internal sealed record Order(string Dish, int Amount, IReadOnlyList<OrderLine> Lines, string? Note = null);

    internal sealed record OrderLine(string Text);

    [JsonSerializable(typeof(Weight))]
    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderJson : JsonSerializerContext;
}
