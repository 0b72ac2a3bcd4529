using System.Text;
using System.Text.Json.Serialization;

namespace LanCollab.Tests.Contracts;

public partial class MessageSetTests
{
    private static readonly MessageSet Messages = MessageSet.Of([typeof(Order)], new OrderJson(new(MessageSet.WireOptions)));

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

    [Message("probe/order")]
    internal sealed record Order(string Dish, int Amount, IReadOnlyList<OrderLine> Lines, string? Note = null);

    internal sealed record OrderLine(string Text);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderJson : JsonSerializerContext;
}
