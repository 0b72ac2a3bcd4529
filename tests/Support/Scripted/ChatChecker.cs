namespace LanCollab.Tests.Support.Scripted;

/// <summary>What the checker found; all zero but <see cref="Lines"/> is right.</summary>
/// <param name="Lines">The highest number told to anybody.</param>
/// <param name="Lost">Acknowledged lines that a client has not been shown under the acknowledged number, summed over clients.</param>
/// <param name="Duplicate">Lines shown twice to a client, or numbered twice.</param>
/// <param name="OutOfOrder">Lines shown after a later one, or numbered in another order than their sender said them.</param>
/// <param name="Gaps">Numbers that a client was never shown.</param>
/// <param name="Different">Numbers under which two clients, or one at two times, have different lines.</param>
/// <param name="Phantom">Lines that nobody said, or not with this text.</param>
internal sealed record Verdict(long Lines, long Lost, long Duplicate, long OutOfOrder, long Gaps, long Different, long Phantom)
{
    /// <summary>Nothing is wrong.</summary>
    public bool IsGood => Lost + Duplicate + OutOfOrder + Gaps + Different + Phantom == 0;
}

/// <summary>
/// Judges the full records of all clients of one room, as Jepsen's checkers do: exactly once, in one order, for everyone; what was acknowledged is there.
/// A pure function, quick enough for millions of lines.
/// </summary>
internal static class ChatChecker
{
    public static Verdict Check(IReadOnlyList<ChatRecord> records)
    {
        Told[] acknowledged = [.. records.SelectMany(r => r.Acknowledged)];
        long last = records.SelectMany(r => r.Shown).Concat(acknowledged).Select(t => t.Seq).DefaultIfEmpty().Max();
        var agreed = new ScriptLine?[last + 1];
        long different = records.Sum(r => Agree(r, agreed));
        return new Verdict(
            last,
            records.Sum(r => Lost(r, acknowledged)),
            records.Sum(Repeated) + NumberedTwice(agreed),
            records.Sum(Backwards) + SwappedBySender(agreed),
            records.Sum(r => last - r.Shown.Select(t => t.Seq).Where(seq => seq > 0).Distinct().LongCount()),
            different,
            records.Sum(r => r.Shown.LongCount(t => t.Line == ScriptLine.Phantom)));
    }

    /// <summary>The first record decides what stands under a number; the others are compared with it.</summary>
    private static long Agree(ChatRecord record, ScriptLine?[] agreed)
    {
        long different = 0;
        foreach (Told told in record.Shown.Concat(record.Contradicted))
        {
            agreed[told.Seq] ??= told.Line;
            if (agreed[told.Seq] != told.Line) different++;
        }
        return different;
    }

    private static long Lost(ChatRecord reader, IReadOnlyList<Told> acknowledged)
    {
        HashSet<Told> shown = [.. reader.Shown];
        return acknowledged.LongCount(told => !shown.Contains(told));
    }

    private static long Repeated(ChatRecord record) => record.Shown.Count - record.Shown.Select(t => t.Seq).Distinct().LongCount();

    private static long Backwards(ChatRecord record) => record.Shown.Zip(record.Shown.Skip(1)).LongCount(pair => pair.Second.Seq < pair.First.Seq);

    private static long NumberedTwice(ScriptLine?[] agreed)
    {
        var seen = new HashSet<ScriptLine>();
        return agreed.LongCount(line => line is { } said && said != ScriptLine.Phantom && !seen.Add(said));
    }

    private static long SwappedBySender(ScriptLine?[] agreed)
    {
        var latest = new Dictionary<int, int>();
        long swapped = 0;
        foreach (ScriptLine line in agreed.OfType<ScriptLine>().Where(l => l != ScriptLine.Phantom))
        {
            if (line.Number < latest.GetValueOrDefault(line.Person, -1)) swapped++;
            else latest[line.Person] = line.Number;
        }
        return swapped;
    }
}
