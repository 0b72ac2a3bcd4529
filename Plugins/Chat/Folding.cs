namespace LanCollab.Plugins.Chat;

/// <summary>What a change makes of a line. The page does the same (<c>ui/thread.js</c>).</summary>
internal static class Folding
{
    /// <summary>The line after the change; a change that is in it already changes nothing.</summary>
    public static Said With(this Said line, Changed change)
    {
        if (line.Seq != change.Line || change.Seq <= (line.Version ?? 0)) return line;
        Said changed = change.Kind switch
        {
            Changed.Edited => line with { Text = change.Text ?? "", Edited = change.At },
            Changed.Deleted => line with { Text = "", Deleted = change.Name, Reactions = null },
            Changed.Reacted => line with { Reactions = [.. Without(line, change), new Reaction(change.Emoji ?? "", change.Person, change.Name)] },
            Changed.Unreacted => line with { Reactions = Without(line, change) is { Count: > 0 } rest ? rest : null },
            // A newer program's change: nothing to show.
            _ => line,
        };
        return changed with { Version = change.Seq };
    }

    /// <summary>What an answer shows of the line after a change of that line.</summary>
    public static Said WithQuoted(this Said line, Changed change)
    {
        if (line.Reply is not { } quote || quote.Seq != change.Line) return line;
        return change.Kind switch
        {
            Changed.Edited => line with { Reply = Quotes.Of(quote.Seq, quote.Name, change.Text) },
            Changed.Deleted => line with { Reply = quote with { Text = null } },
            _ => line,
        };
    }

    private static List<Reaction> Without(Said line, Changed change) =>
        [.. (line.Reactions ?? []).Where(reaction => reaction.Emoji != change.Emoji || reaction.Person != change.Person)];
}

internal static class Quotes
{
    /// <summary>How a line stands above its answer.</summary>
    public static Quote Of(long seq, string name, string? text)
    {
        if (text is null || text.Length <= ChatWire.QuoteLength) return new Quote(seq, name, text);
        // Never half of a pair of surrogates.
        int end = ChatWire.QuoteLength - (char.IsHighSurrogate(text[ChatWire.QuoteLength - 2]) ? 2 : 1);
        return new Quote(seq, name, $"{text.AsSpan(0, end)}…");
    }
}
