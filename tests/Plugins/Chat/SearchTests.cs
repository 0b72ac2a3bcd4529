using LanCollab.Plugins.Chat;

namespace LanCollab.Tests.Plugins.Chat;

public sealed class SearchTests : IDisposable
{
    private readonly StoreRig _rig = new();

    [Fact]
    public void A_line_is_found_by_its_words_whatever_their_order_case_or_accents()
    {
        _rig.Put(_rig.Line(text: "The measurements from the café are done"));
        _rig.Put(_rig.Line(text: "Nothing to see"));
        foreach (string words in (string[])["measurements", "DONE cafe", "meas", "café the"])
            Assert.Equal(1, Assert.Single(Find(words).Items).Seq);
        Assert.Empty(Find("measurements nothing").Items);
    }

    [Fact]
    public void What_was_found_is_marked_in_a_piece_of_the_line()
    {
        _rig.Put(_rig.Line(text: string.Join(' ', Enumerable.Repeat("filler", 60)) + " needle <b>here</b> " + string.Join(' ', Enumerable.Repeat("filler", 60))));
        Found found = Assert.Single(Find("needle").Items);
        Assert.Equal("needle", Assert.Single(found.Snippet, piece => piece.Hit is true).Text);
        Assert.Contains("<b>here</b>", string.Concat(found.Snippet.Select(piece => piece.Text)));
        Assert.InRange(found.Snippet.Sum(piece => piece.Text.Length), 10, 300);
    }

    [Theory]
    [InlineData("\"unbalanced needle"), InlineData("needle OR"), InlineData("needle*"), InlineData("text:needle"), InlineData("NEAR(needle"), InlineData("needle -"), InlineData("(needle"), InlineData("needle\0")]
    public void Whatever_is_typed_is_looked_for_and_not_understood_as_a_query(string words)
    {
        _rig.Put(_rig.Line(text: "a needle, or near it a text, unbalanced"));
        _ = Find(words);
        Assert.Equal("empty-search", Assert.Throws<UserErrorException>(() => Find(" *()\" ")).Code);
    }

    [Fact]
    public void Direct_lines_and_other_rooms_are_not_found_by_others()
    {
        _rig.Put(_rig.Line(text: "needle", to: StoreRig.Bob));
        _rig.Put(_rig.Line(text: "needle", room: "OTHER"));
        Assert.Empty(Find("needle", "Cy").Items);
        Assert.Equal("Bob", Assert.Single(Find("needle", "Bob").Items).ToName);
        Assert.Single(Find("needle").Items);
    }

    [Fact]
    public void A_changed_line_is_found_by_its_present_text()
    {
        _rig.Put(_rig.Line(text: "before"));
        Assert.Single(Find("before").Items);
        _rig.Put(_rig.Edit(1, "after"));
        Assert.Empty(Find("before").Items);
        Assert.Single(Find("after").Items);
        _rig.Put(_rig.Delete(1));
        Assert.Empty(Find("after").Items);
    }

    [Fact]
    public void The_newest_come_first_and_there_is_a_next_page()
    {
        _rig.Store.Append([.. Enumerable.Range(1, 1200).Select(n => _rig.Line(text: n % 100 == 0 ? "needle" : "straw"))]);
        SearchOk first = Find("needle", limit: 5), second = _rig.Store.Search.Find(StoreRig.Room, "Ada", new Search("needle", Before: first.Items[^1].Seq, Limit: 50));
        Assert.Equal([1200L, 1100, 1000, 900, 800], first.Items.Select(found => found.Seq));
        Assert.True(first.More);
        Assert.Equal((7, 100L, false), (second.Items.Count, second.Items[^1].Seq, second.More));
    }

    private SearchOk Find(string words, string reader = "Ada", int limit = 20) => _rig.Store.Search.Find(StoreRig.Room, reader, new Search(words, Limit: limit));

    public void Dispose() => _rig.Dispose();
}
