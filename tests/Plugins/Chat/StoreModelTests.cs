using CsCheck;
using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>
/// Random people say, edit, delete and react, send again and restart the hub; beside it three readers who look away and catch up at random moments, in pages of
/// random length. A model that is only a list says what is true.
/// </summary>
public class StoreModelTests
{
    private static readonly Member[] People = [new("a", "Ada", "Ada"), new("b", "Bob", "Bob"), new("c", "Cy", "Cy")];

    private enum Kind { Say, Direct, Answer, Edit, Delete, Moderate, React, Unreact, Resend, CatchUp, Restart }

    /// <summary>What is done, by whom, to which of the lines so far (modulo their number), and a number for all else.</summary>
    private readonly record struct Step(Kind Kind, int Who, int Line, int Extra);

    private static readonly Gen<Step> Steps = Gen.Frequency(
            (8, Gen.Const(Kind.Say)), (3, Gen.Const(Kind.Direct)), (2, Gen.Const(Kind.Answer)), (5, Gen.Const(Kind.Edit)), (3, Gen.Const(Kind.Delete)), (1, Gen.Const(Kind.Moderate)),
            (6, Gen.Const(Kind.React)), (4, Gen.Const(Kind.Unreact)), (4, Gen.Const(Kind.Resend)), (6, Gen.Const(Kind.CatchUp)), (1, Gen.Const(Kind.Restart)))
        .SelectMany(kind => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 30], Gen.Int[1, 5], (who, line, extra) => new Step(kind, who, line, extra)));

    [Fact]
    public void Whoever_catches_up_from_wherever_has_the_truth() => Steps.Array[1, 60].Sample(steps =>
    {
        using var rig = new StoreRig();
        var truth = new Truth();
        var readers = People.Select(person => new Reader(person.Person)).ToArray();
        foreach (Step step in steps)
        {
            if (step.Kind == Kind.Restart) rig.Open();
            else if (step.Kind == Kind.CatchUp) readers[step.Who].CatchUp(rig, limit: step.Extra);
            else truth.Take(rig, Of(rig, step, truth), step.Kind == Kind.Resend);
        }
        foreach (Reader reader in readers)
        {
            reader.CatchUp(rig, limit: 3);
            Assert.Equal(truth.SeenBy(reader.Person), reader.Lines.Select(Show));
            Assert.Equal(truth.SeenBy(reader.Person), Pages(rig, reader.Person).Select(Show));
        }
    }, iter: 300, threads: 1);

    private static Post Of(StoreRig rig, Step step, Truth truth)
    {
        Member who = People[step.Who];
        long line = truth.Count == 0 ? 1 : step.Line % truth.Count + 1;
        return step.Kind switch
        {
            Kind.Direct => rig.Line(text: $"direct {step.Extra}", to: People[(step.Who + 1) % 3], from: who),
            Kind.Answer => rig.Line(text: $"answer {step.Extra}", from: who, reply: line),
            Kind.Edit => rig.Edit(line, $"edit {step.Extra}", who),
            Kind.Delete => rig.Delete(line, who),
            Kind.Moderate => rig.Delete(line, who, any: true),
            Kind.React => rig.React(line, step.Extra > 3 ? "👍" : "🎉", from: who),
            Kind.Unreact => rig.React(line, step.Extra > 3 ? "👍" : "🎉", on: false, who),
            Kind.Resend when truth.Last is { } last => last,
            _ => rig.Line(text: $"line {step.Extra}", from: who),
        };
    }

    private static string Show(Said line) => line.Deleted is { } by
        ? $"{line.Seq} deleted by {by}"
        : $"{line.Seq} {line.Name}>{line.ToName}: {line.Text}{(line.Edited is null ? "" : " (edited)")} [{line.Reply?.Seq} {line.Reply?.Text}] {string.Join(' ', (line.Reactions ?? []).Select(r => r.Emoji + r.Name))}";

    /// <summary>The whole history from its end, in small pages.</summary>
    private static List<Said> Pages(StoreRig rig, string reader)
    {
        var lines = new List<Said>();
        HistoryOk page;
        do
        {
            page = rig.Page(reader, new History(Before: lines.Count == 0 ? null : lines[0].Seq, Limit: 4));
            lines.InsertRange(0, page.Items);
        } while (page.More);
        return lines;
    }

    /// <summary>A daemon in small: what it has got, folded.</summary>
    private sealed class Reader(string person)
    {
        private long _last;

        public string Person => person;

        public List<Said> Lines { get; } = [];

        public void CatchUp(StoreRig rig, int limit)
        {
            HistoryOk page;
            do
            {
                page = rig.Page(person, new History(After: _last, Limit: limit));
                foreach (INews news in page.Items.Concat<INews>(page.Changes ?? []).OrderBy(news => news.Seq)) Take(news);
                _last = page.Through!.Value;
            } while (page.More);
            Assert.Equal(page.Last, _last);
        }

        private void Take(INews news)
        {
            Assert.True(news.Seq > _last, "It came twice or too late.");
            _last = news.Seq;
            if (news is Said line) Lines.Add(line);
            if (news is Changed change)
                for (int i = 0; i < Lines.Count; i++) Lines[i] = Lines[i].With(change).WithQuoted(change);
        }
    }

    /// <summary>What is true, in the simplest way.</summary>
    private sealed class Truth
    {
        private sealed class Entry
        {
            public required long Seq;
            public required NewLine Line;
            public required Entry? Answered;
            public string Text = "";
            public bool Edited;
            public string? Deleted;
            public List<(string Emoji, Member Who)> Reactions = [];

            public bool IsFor(string person) => Line.To is null || Line.To.Person == person || Line.From.Person == person;
        }

        private readonly Dictionary<long, Entry> _lines = [];

        /// <summary>Numbers given out so far.</summary>
        public long Count { get; private set; }

        public Post? Last { get; private set; }

        public void Take(StoreRig rig, Post post, bool again)
        {
            Stored stored = rig.Put(post);
            if (again && ReferenceEquals(post, Last))
            {
                Assert.True(stored.News is null && stored.Refused is null, "A post was taken twice.");
                return;
            }
            string? refusal = Refusal(post);
            Assert.Equal(refusal, stored.Refused?.Code);
            if (refusal is not null || !Apply(post)) { Assert.Null(stored.News); return; }
            Assert.Equal(++Count, stored.Seq);
            Last = post;
        }

        private string? Refusal(Post post)
        {
            long? line = post switch { NewText edit => edit.Line, Deletion deletion => deletion.Line, NewReaction reaction => reaction.Line, _ => null };
            if (line is null) return null;
            if (!_lines.TryGetValue(line.Value, out Entry? entry) || !entry.IsFor(post.From.Person)) return "no-such-line";
            if (entry.Deleted is not null) return "line-deleted";
            bool own = entry.Line.From.Person == post.From.Person;
            return own || post is NewReaction or Deletion { Any: true } ? null : "not-yours";
        }

        private bool Apply(Post post) => post switch
        {
            NewLine line => Add(line),
            NewText edit => Edit(_lines[edit.Line], edit.Text),
            Deletion deletion => (_lines[deletion.Line].Deleted = deletion.From.Name) is not null,
            NewReaction reaction => React(_lines[reaction.Line], reaction),
            _ => throw new ArgumentException("What is this?"),
        };

        private bool Add(NewLine line)
        {
            Entry? answered = line.Reply is { } reply && _lines.TryGetValue(reply, out Entry? found) && found.Line.To is null ? found : null;
            _lines[Count + 1] = new Entry { Seq = Count + 1, Line = line, Text = line.Text, Answered = answered };
            return true;
        }

        private static bool Edit(Entry entry, string text)
        {
            if (entry.Text == text) return false;
            (entry.Text, entry.Edited) = (text, true);
            return true;
        }

        private static bool React(Entry entry, NewReaction reaction)
        {
            bool there = entry.Reactions.Contains((reaction.Emoji, reaction.From));
            if (there == reaction.On) return false;
            if (reaction.On) entry.Reactions.Add((reaction.Emoji, reaction.From));
            else entry.Reactions.Remove((reaction.Emoji, reaction.From));
            return true;
        }

        public IEnumerable<string> SeenBy(string person) => _lines.Values.Where(entry => entry.IsFor(person)).Select(Show);

        private static string Show(Entry e) => e.Deleted is { } by
            ? $"{e.Seq} deleted by {by}"
            : $"{e.Seq} {e.Line.From.Name}>{e.Line.To?.Name}: {e.Text}{(e.Edited ? " (edited)" : "")} [{e.Answered?.Seq} {(e.Answered?.Deleted is null ? e.Answered?.Text : "")}] {string.Join(' ', e.Reactions.Select(r => r.Emoji + r.Who.Name))}";
    }
}
