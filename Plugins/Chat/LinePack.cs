using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat;

/// <summary>
/// Several lines in one message: what they have in common (who, when) is said once, and the hub handles one frame for each channel where it had hundreds. For plain lines; one that is direct, answers
/// another or has been changed goes by itself.
/// </summary>
internal static class LinePack
{
    /// <summary>Fewer go one by one: what people type comes so.</summary>
    public const int Least = 4;

    /// <summary>
    /// Of all texts and keys of a message, in characters. What people write then fits into one write of a channel (64 KiB); each character may take six bytes in JSON, and the longest
    /// frame is <see cref="ChatWire.MaxFrame"/>.
    /// </summary>
    public const int MostCharacters = 48 * 1024;

    /// <summary>How many from a place on go into one message.</summary>
    public static int Run(IReadOnlyList<INews> news, int from)
    {
        int count = 0, characters = 0;
        for (int i = from; i < news.Count; i++, count++)
        {
            if (news[i] is not Said { To: null, Reply: null, Version: null, Edited: null, Deleted: null, Reactions: null } line || line.Seq != news[from].Seq + count) break;
            characters += line.Text.Length + line.Id.Length;
            if (characters > MostCharacters) break;
        }
        return count;
    }

    /// <summary>Packs so many lines, which <see cref="Run"/> has counted.</summary>
    public static Lines Pack(IReadOnlyList<INews> news, int from, int count)
    {
        var (people, items) = (new List<Member>(), new List<ShortLine>(count));
        var first = (Said)news[from];
        for (int i = from; i < from + count; i++)
        {
            var line = (Said)news[i];
            int by = people.FindIndex(p => p.Id == line.From && p.Name == line.Name && p.Person == line.Person);
            if (by < 0) (by, people) = (people.Count, [.. people, new Member(line.From, line.Name, line.Person)]);
            long ms = (long)(line.At - first.At).TotalMilliseconds;
            items.Add(new ShortLine(line.Id, line.Text, by == 0 ? null : by, ms == 0 ? null : ms));
        }
        return new Lines(first.Seq, first.At, people, items);
    }

    /// <summary>The lines as each would have come by itself.</summary>
    /// <exception cref="ProtocolErrorException">A line is by nobody.</exception>
    public static IEnumerable<Said> Unpack(Lines lines)
    {
        for (int i = 0; i < lines.Items.Count; i++)
        {
            ShortLine line = lines.Items[i];
            Member by = lines.People.ElementAtOrDefault(line.By ?? 0) ?? throw new ProtocolErrorException($"Line {lines.First + i} is by nobody.");
            yield return new Said(lines.First + i, line.Id, by.Id, by.Name, line.Text, lines.At.AddMilliseconds(line.Ms ?? 0), Person: by.Person);
        }
    }
}
