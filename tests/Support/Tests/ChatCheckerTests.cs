using LanCollab.Tests.Support.Scripted;

namespace LanCollab.Tests.Support.Tests;

/// <summary>A checker that finds nothing is only worth something when it finds what was planted.</summary>
public class ChatCheckerTests
{
    private const int People = 3, Each = 5;

    [Fact]
    public void Right_records_are_right() => Assert.Equal(new Verdict(15, 0, 0, 0, 0, 0, 0), ChatChecker.Check(Good()));

    [Fact]
    public void No_records_are_right() => Assert.True(ChatChecker.Check([]).IsGood);

    [Fact]
    public void A_line_that_one_client_never_saw_is_a_gap_and_lost()
    {
        ChatRecord[] records = Good();
        records[1].Shown.RemoveAt(6);
        Assert.Equal(new Verdict(15, Lost: 1, 0, 0, Gaps: 1, 0, 0), ChatChecker.Check(records));
    }

    [Fact]
    public void Lines_missing_at_the_end_are_gaps()
    {
        ChatRecord[] records = Good();
        records[2].Shown.RemoveRange(13, 2);
        Assert.Equal((2, 2), (ChatChecker.Check(records).Gaps, ChatChecker.Check(records).Lost));
    }

    [Fact]
    public void An_acknowledged_line_that_nobody_saw_is_lost_for_everybody()
    {
        ChatRecord[] records = Good();
        records[0].Acknowledged.Add(new Told(15, new ScriptLine(0, 99)));
        Assert.Equal(People, ChatChecker.Check(records).Lost);
    }

    [Fact]
    public void A_line_under_another_number_than_the_acknowledged_one_is_lost()
    {
        ChatRecord[] records = Good();
        records[0].Acknowledged[0] = records[0].Acknowledged[0] with { Seq = 2 };
        Assert.Equal(new Verdict(15, Lost: People, 0, 0, 0, 0, 0), ChatChecker.Check(records));
    }

    [Fact]
    public void A_line_shown_twice_is_a_duplicate()
    {
        ChatRecord[] records = Good();
        records[1].Shown.Insert(4, records[1].Shown[4]);
        Assert.Equal(new Verdict(15, 0, Duplicate: 1, 0, 0, 0, 0), ChatChecker.Check(records));
    }

    [Fact]
    public void A_line_that_got_two_numbers_is_a_duplicate()
    {
        ChatRecord[] records = Good();
        foreach (ChatRecord record in records) record.Shown.Add(new Told(16, record.Shown[14].Line));
        Assert.Equal(new Verdict(16, 0, Duplicate: 1, 0, 0, 0, 0), ChatChecker.Check(records));
    }

    [Fact]
    public void Lines_shown_in_another_order_are_out_of_order()
    {
        ChatRecord[] records = Good();
        (records[1].Shown[3], records[1].Shown[4]) = (records[1].Shown[4], records[1].Shown[3]);
        Assert.Equal(new Verdict(15, 0, 0, OutOfOrder: 1, 0, 0, 0), ChatChecker.Check(records));
    }

    [Fact]
    public void A_senders_lines_numbered_in_another_order_are_out_of_order_though_all_agree()
    {
        ChatRecord[] records = Good();
        foreach (ChatRecord record in records)
        {
            Told first = record.Shown[0], later = record.Shown[3];
            (record.Shown[0], record.Shown[3]) = (first with { Line = later.Line }, later with { Line = first.Line });
        }
        foreach (ChatRecord record in records) record.Acknowledged.Clear();
        Assert.Equal(new Verdict(15, 0, 0, OutOfOrder: 1, 0, 0, 0), ChatChecker.Check(records));
    }

    [Fact]
    public void Two_lines_under_one_number_are_different()
    {
        ChatRecord[] records = Good();
        records[2].Shown[7] = records[2].Shown[7] with { Line = new ScriptLine(0, 77) };
        Assert.Equal(1, ChatChecker.Check(records).Different);
    }

    [Fact]
    public void A_line_that_comes_again_as_another_one_is_different()
    {
        ChatRecord[] records = Good();
        records[0].Contradicted.Add(new Told(3, new ScriptLine(2, 4)));
        Assert.Equal(1, ChatChecker.Check(records).Different);
    }

    [Fact]
    public void A_line_with_a_changed_text_or_a_strange_key_is_a_phantom()
    {
        var line = new ScriptLine(12, 34);
        Assert.Equal(line, ScriptLine.Read(line.Key, line.Text));
        Assert.Equal(ScriptLine.Phantom, ScriptLine.Read(line.Key, line.Text + "!"));
        Assert.All(["", "p", "p1", "q1-2", "p1-x", "p-1-2"], key => Assert.Equal(ScriptLine.Phantom, ScriptLine.Read(key, line.Text)));
        ChatRecord[] records = Good();
        foreach (ChatRecord record in records) record.Shown[8] = record.Shown[8] with { Line = ScriptLine.Phantom };
        Assert.Equal(People, ChatChecker.Check(records).Phantom);
    }

    [Fact]
    public void Any_change_to_any_record_is_found() =>
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[0, People - 1], CsCheck.Gen.Int[0, People * Each - 1], CsCheck.Gen.Int[0, 2]), (person, place, change) =>
        {
            ChatRecord[] records = Good();
            List<Told> shown = records[person].Shown;
            if (change == 0) shown.RemoveAt(place);
            else if (change == 1) shown.Insert(place, shown[(place + 1) % shown.Count]);
            else shown[place] = shown[place] with { Line = new ScriptLine(0, 50 + place) };
            return !ChatChecker.Check(records).IsGood;
        });

    /// <summary>Each in turn says five lines, and everybody sees all of them.</summary>
    private static ChatRecord[] Good()
    {
        Told[] all = [.. Enumerable.Range(0, People * Each).Select(i => new Told(i + 1, new ScriptLine(i % People, i / People)))];
        return [.. Enumerable.Range(0, People).Select(p => new ChatRecord(p) { Shown = [.. all], Acknowledged = [.. all.Where(t => t.Line.Person == p)] })];
    }
}
