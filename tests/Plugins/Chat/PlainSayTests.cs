using System.Text;
using System.Text.Json;
using CsCheck;
using LanCollab.Plugins.Chat;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>A line is read by hand where it is plain, and then exactly as the serializer reads it.</summary>
public class PlainSayTests
{
    private static Gen<string> One(params string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static readonly Gen<string> Name = One("text", "to", "key", "reply", "after", "Text", "other", "te\\u0078t");

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.String.Select(s => JsonSerializer.Serialize(s)), Gen.String.Select(s => JsonSerializer.Serialize(s)), Gen.Long.Select(n => $"{n}"),
        One("\"\"", "null", "1.5", "1e3", "-0", "true", "[]", "{\"text\":\"x\"}", "\"\\uD83D\\uDE00\"", "\"\\uD83D\"", "99999999999999999999", "\"a\\nb\"", "01"));

    private static readonly Gen<string> Body =
        from fields in Gen.Select(Name, Value).List[0, 6]
        from space in One("", " ", "\n\t")
        from end in One("", "", "", "", " ", "{}", ",", "//x")
        select $"{{{string.Join($"{space},", fields.Select(f => $"\"{f.Item1}\":{space}{f.Item2}"))}}}{end}";

    private static readonly Gen<byte[]> AnyBytes =
        from body in Body
        from cut in Gen.Int[0, 40]
        from wrong in Gen.Int[0, 200]
        from other in Gen.Byte
        select Spoiled(Encoding.UTF8.GetBytes(body), cut, wrong, other);

    [Fact]
    public void What_is_read_by_hand_is_what_the_serializer_reads()
    {
        AnyBytes.Sample(body =>
        {
            Say? plain = PlainSay.Read(body);
            return plain is null || plain == Generally(body);
        }, iter: 20_000);
    }

    [Fact]
    public void A_line_as_daemons_send_it_is_plain()
    {
        (from text in Gen.String
         from to in Gen.String.Null()
         from key in Gen.String.Null()
         from reply in Gen.Long.Nullable()
         from after in Gen.String.Null()
         select new Say(text, to, key, reply, after)).Sample(say =>
        {
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(say, ChatWire.Messages.JsonOf(typeof(Say)));
            return PlainSay.Read(body) is { } plain && plain == Generally(body);
        });
    }

    [Theory]
    [InlineData("""{"text":"a","text":"b"}""")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{"to":"b"}""")]
    [InlineData("""{"text":"a"} {}""")]
    [InlineData("""{"text":"a","reply":1.5}""")]
    [InlineData("")]
    public void What_is_wrong_is_refused_as_always(string body)
    {
        Assert.Null(PlainSay.Read(Encoding.UTF8.GetBytes(body)));
        Assert.Equal("bad-request", Assert.Throws<UserErrorException>(() => ChatWire.Messages.Decode(typeof(Say), Encoding.UTF8.GetBytes(body))).Code);
    }

    [Fact]
    public void What_is_right_and_not_plain_is_read_as_always()
    {
        var read = (Say)ChatWire.Messages.Decode(typeof(Say), """{"text":"a","to":null,"from":"the future"}"""u8);
        Assert.Equal(new Say("a"), read);
    }

    private static Say? Generally(byte[] body)
    {
        try
        {
            return (Say?)JsonSerializer.Deserialize(body, ChatWire.Messages.JsonOf(typeof(Say)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Most are left alone.</summary>
    private static byte[] Spoiled(byte[] body, int cut, int wrong, byte other)
    {
        if (cut is > 0 and < 5) return body[..Math.Max(0, body.Length - cut)];
        if (wrong < body.Length && wrong % 8 == 0) body[wrong] = other;
        return body;
    }
}
