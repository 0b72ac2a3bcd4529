using CsCheck;
using LanCollab.Plugins.Session;

namespace LanCollab.Tests.Plugins.Session;

public class NamingTests
{
    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("  Ada   Lovelace\u00A0", "Ada Lovelace")]
    [InlineData("Jose\u0301", "José")]
    [InlineData("e\u0302\u0301", "ế")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("か\u3099", "が")]
    [InlineData("Fox 🦊", "Fox 🦊")]
    [InlineData("❤\uFE0F", "❤")]
    public void A_name_is_made_canonical(string typed, string expected) => Assert.Equal(expected, Naming.Person(typed));

    // Some of these are no valid UTF-16, so they are given by their code units.
    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0x20, 0x20 })]
    [InlineData(new[] { 'a', 0x0000, 'b' })]
    [InlineData(new[] { 'a', 0x000A, 'b' })]
    [InlineData(new[] { 'a', 0x202E, 'b' })]
    [InlineData(new[] { 'a', 0x200B, 'b' })]
    [InlineData(new[] { 'a', 0x200D, 'b' })]
    [InlineData(new[] { 'a', 0xFEFF, 'b' })]
    [InlineData(new[] { 'a', 0x00AD, 'b' })]
    [InlineData(new[] { 'a', 0x2066, 'b' })]
    [InlineData(new[] { 'a', 0x2028, 'b' })]
    [InlineData(new[] { 'a', 0xE000 })]
    [InlineData(new[] { 'a', 0xD800 })]
    [InlineData(new[] { 0x3164 })]
    [InlineData(new[] { 0x0301, 'A' })]
    public void A_name_that_cannot_be_told_apart_is_refused(int[] units)
    {
        string typed = string.Concat(units.Select(unit => (char)unit));
        Assert.Equal("bad-name", Assert.Throws<UserErrorException>(() => Naming.Person(typed)).Code);
        Assert.Equal("bad-room", Assert.Throws<UserErrorException>(() => Naming.Room(typed)).Code);
    }

    [Fact]
    public void A_name_has_64_characters_at_most()
    {
        Assert.Equal(64, Naming.Person(new string('x', 64)).Length);
        Assert.Throws<UserErrorException>(() => Naming.Person(new string('x', 65)));
        Naming.Person(string.Concat(Enumerable.Repeat("🦊", 64)));
    }

    [Fact]
    public void What_is_canonical_stays_as_it_is_and_nothing_else_is_thrown() => Gen.String[0, 80].Sample(typed =>
    {
        try
        {
            string canonical = Naming.Person(typed);
            Assert.Equal(canonical, Naming.Person(canonical));
        }
        catch (UserErrorException)
        {
            // Refused in good order.
        }
    }, iter: 2000);
}
