using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;

namespace LanCollab.Tests.Plugins.Chat;

public sealed class ChangeTests : IDisposable
{
    private readonly StoreRig _rig = new();

    [Fact]
    public void An_edited_line_has_its_new_text_and_says_so()
    {
        _rig.Put(_rig.Line(text: "helo"));
        var told = (Changed)_rig.Put(_rig.Edit(1, "hello")).News!;
        Assert.Equal((2, 1, "edited", "hello", "Ada"), (told.Seq, told.Line, told.Kind, told.Text, told.Name));
        Said line = Assert.Single(_rig.Page("Bob").Items);
        Assert.Equal(("hello", 2L, _rig.Time.GetUtcNow()), (line.Text, line.Version, line.Edited));
    }

    [Fact]
    public void A_deleted_line_leaves_its_place_and_who_deleted_it_and_nothing_of_its_text()
    {
        _rig.Put(_rig.Line(text: "secret"));
        _rig.Put(_rig.Edit(1, "still secret"));
        _rig.Put(_rig.React(1));
        _rig.Put(_rig.Delete(1));
        Said line = Assert.Single(_rig.Page("Bob").Items);
        Assert.Equal(("", "Ada", 4L, true), (line.Text, line.Deleted, line.Version, line.Reactions is null));
        HistoryOk since = _rig.Page("Bob", new History(After: 0));
        Assert.All(since.Items.Select(item => item.Text).Concat(since.Changes!.Select(change => change.Text ?? "")), text => Assert.DoesNotContain("secret", text));
        Assert.Empty(_rig.Store.Search.Find(StoreRig.Room, "Ada", new Search("secret")).Items);
    }

    [Fact]
    public void Only_its_author_edits_a_line_and_only_a_moderator_deletes_somebody_elses()
    {
        _rig.Put(_rig.Line());
        Assert.Equal("not-yours", _rig.Put(_rig.Edit(1, "mine", from: StoreRig.Bob)).Refused?.Code);
        Assert.Equal("not-yours", _rig.Put(_rig.Delete(1, from: StoreRig.Bob)).Refused?.Code);
        Assert.Null(_rig.Put(_rig.Delete(1, from: StoreRig.Bob, any: true)).Refused);
        Assert.Equal("Bob", _rig.Page("Ada").Items[0].Deleted);
    }

    [Theory]
    [InlineData(0, "no-such-line")]
    [InlineData(2, "no-such-line")]
    [InlineData(1, "line-deleted")]
    public void What_is_not_there_cannot_be_changed(long line, string code)
    {
        _rig.Put(_rig.Line());
        if (line == 1) _rig.Put(_rig.Delete(1));
        foreach (Post post in (Post[])[_rig.Edit(line, "new"), _rig.Delete(line), _rig.React(line)])
            Assert.Equal(code, _rig.Put(post).Refused?.Code);
    }

    [Fact]
    public void A_change_is_no_line()
    {
        _rig.Put(_rig.Line());
        _rig.Put(_rig.React(1));
        Assert.Equal("no-such-line", _rig.Put(_rig.Edit(2, "new")).Refused?.Code);
    }

    [Fact]
    public void A_refusal_in_a_batch_takes_no_number_and_touches_nobody_else()
    {
        IReadOnlyList<Stored> stored = _rig.Store.Append([_rig.Line(), _rig.Edit(9, "x"), _rig.Line()]);
        Assert.Equal([1L, 0, 2], stored.Select(s => s.Seq));
        Assert.Equal([1L, 2], _rig.Page("Ada").Items.Select(line => line.Seq));
    }

    [Fact]
    public void A_reaction_is_there_once_for_each_person_and_goes_again()
    {
        _rig.Put(_rig.Line());
        Assert.Equal(2, _rig.Put(_rig.React(1)).Seq);
        Stored again = _rig.Put(_rig.React(1));
        Assert.Equal((2L, true), (again.Seq, again.News is null));
        _rig.Put(_rig.React(1, from: StoreRig.Bob));
        Assert.Equal([new Reaction("👍", "Ada", "Ada"), new("👍", "Bob", "Bob")], _rig.Page("Cy").Items[0].Reactions!);
        _rig.Put(_rig.React(1, on: false));
        Assert.Equal([new Reaction("👍", "Bob", "Bob")], _rig.Page("Cy").Items[0].Reactions!);
        Assert.Equal(["reacted", "reacted", "unreacted"], _rig.Page("Cy", new History(After: 0)).Changes!.Select(change => change.Kind));
    }

    [Fact]
    public void More_kinds_of_reactions_than_a_line_can_show_are_refused()
    {
        _rig.Put(_rig.Line());
        for (int i = 0; i < 20; i++) Assert.Null(_rig.Put(_rig.React(1, char.ConvertFromUtf32(0x1F600 + i))).Refused);
        Assert.Equal("too-many-reactions", _rig.Put(_rig.React(1, "👍")).Refused?.Code);
        Assert.Null(_rig.Put(_rig.React(1, "😀", from: StoreRig.Bob)).Refused);
    }

    [Theory]
    [InlineData("👍", true), InlineData("❤️", true), InlineData("👩‍👩‍👧‍👦", true), InlineData("🇩🇪", true), InlineData("1️⃣", true), InlineData("👍🏽", true)]
    [InlineData("", false), InlineData("a", false), InlineData("👍👍", false), InlineData("<b>", false), InlineData("\u202e", false), InlineData("\ud83d", false)]
    public void A_reaction_is_one_emoji(string emoji, bool good)
    {
        if (good) Assert.Equal(emoji, LineRules.Emoji(emoji));
        else Assert.Equal("bad-emoji", Assert.Throws<UserErrorException>(() => LineRules.Emoji(emoji)).Code);
    }

    [Fact]
    public void An_answer_shows_the_beginning_of_what_it_answers_as_it_is_now()
    {
        _rig.Put(_rig.Line(text: new string('x', 500)));
        var answer = (Said)_rig.Put(_rig.Line(reply: 1)).News!;
        Assert.Equal(new Quote(1, "Ada", new string('x', 159) + "…"), answer.Reply);
        _rig.Put(_rig.Edit(1, "short"));
        Assert.Equal(new Quote(1, "Ada", "short"), _rig.Page("Bob").Items[1].Reply);
        _rig.Put(_rig.Delete(1));
        Assert.Equal(new Quote(1, "Ada"), _rig.Page("Bob").Items[1].Reply);
    }

    [Fact]
    public void An_answer_never_shows_a_direct_line_to_others()
    {
        _rig.Put(_rig.Line(text: "psst", to: StoreRig.Bob));
        Assert.Null(((Said)_rig.Put(_rig.Line(reply: 1, from: StoreRig.Bob)).News!).Reply);
        Assert.NotNull(((Said)_rig.Put(_rig.Line(reply: 1, from: StoreRig.Bob, to: StoreRig.Ada)).News!).Reply);
        var cy = new Member("c", "Cy", "Cy");
        Assert.Null(((Said)_rig.Put(_rig.Line(reply: 1, from: cy, to: StoreRig.Ada)).News!).Reply);
    }

    [Fact]
    public void A_direct_line_and_its_changes_are_there_for_the_two_only()
    {
        Assert.Equal(new Pair("Ada", "Bob"), _rig.Put(_rig.Line(to: StoreRig.Bob)).Between);
        Assert.Equal(new Pair("Ada", "Bob"), _rig.Put(_rig.React(1, from: StoreRig.Bob)).Between);
        Assert.Equal("no-such-line", _rig.Put(_rig.React(1, from: new Member("c", "Cy", "Cy"))).Refused?.Code);
        Assert.Equal("no-such-line", _rig.Put(_rig.Delete(1, from: new Member("c", "Cy", "Cy"), any: true)).Refused?.Code);
        HistoryOk bob = _rig.Page("Bob", new History(After: 0)), cy = _rig.Page("Cy", new History(After: 0));
        Assert.Equal((1, 1, 2L), (bob.Items.Count, bob.Changes!.Count, bob.Through));
        Assert.Equal((0, true, 2L, 2L), (cy.Items.Count, cy.Changes is null, cy.Through, cy.Last));
    }

    [Fact]
    public void Posts_that_name_one_that_was_refused_are_refused_too()
    {
        var chain = new Chain();
        Post[] posts =
        [
            _rig.Line("k1") with { Chain = chain }, _rig.Edit(99, "x", key: "k2") with { Chain = chain, After = "k1" },
            _rig.Line("k3") with { Chain = chain, After = "k2" }, _rig.Line("k4") with { Chain = chain },
        ];
        Assert.Equal([null, "no-such-line", "out-of-order", null], _rig.Store.Append(posts).Select(stored => stored.Refused?.Code));
        // Sent again from the first that was not taken, in order.
        Assert.Equal([3L, 2], _rig.Store.Append([_rig.Line("k3") with { Chain = chain }, _rig.Line("k4") with { Chain = chain, After = "k3" }]).Select(stored => stored.Seq));
    }

    public void Dispose() => _rig.Dispose();
}
