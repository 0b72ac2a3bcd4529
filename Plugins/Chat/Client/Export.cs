using System.Globalization;
using System.Text;
using System.Text.Json;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// The room's whole history, as far as this person may see it, as a download: <c>/chat/export.txt</c> to read, <c>/chat/export.json</c> for programs (an array of
/// lines as <c>chat/said</c> has them).
/// </summary>
internal sealed class Export(HubLink link, TimeProvider time)
{
    private const int PageLines = 200;

    /// <summary>Answers the request.</summary>
    /// <exception cref="UserErrorException"><c>bad-format</c>, or what the hub refuses.</exception>
    public async Task WriteAsync(IHttpExchange exchange, CancellationToken cancellationToken)
    {
        (string type, Func<Said, bool, string> write, string end) = exchange.Rest switch
        {
            "export.txt" => ("text/plain; charset=utf-8", (line, _) => Text(line), ""),
            "export.json" => ("application/json", (Func<Said, bool, string>)Json, "\n]\n"),
            _ => throw new UserErrorException("bad-format", "A chat is exported as export.txt or export.json."),
        };
        // The first page before the answer: a refusal can still be told.
        List<Said> lines = await LinesAsync(cancellationToken).ConfigureAwait(false);
        exchange.Respond(200, ("Content-Type", type), ("Content-Disposition", $"attachment; filename=\"chat-{time.GetUtcNow():yyyy-MM-dd}-{exchange.Rest}\""));
        for (int i = 0; i < lines.Count; i++) await SendAsync(exchange, write(lines[i], i == 0), cancellationToken).ConfigureAwait(false);
        await SendAsync(exchange, lines.Count == 0 && end.Length > 0 ? "[" + end : end, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask SendAsync(IHttpExchange exchange, string text, CancellationToken cancellationToken) =>
        exchange.Output.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    // From the newest page back: each line as it is now.
    private async Task<List<Said>> LinesAsync(CancellationToken cancellationToken)
    {
        var pages = new Stack<IReadOnlyList<Said>>();
        for (long? before = null; ;)
        {
            HistoryOk page = await link.ReadAsync(new History(Before: before, Limit: PageLines), cancellationToken).ConfigureAwait(false);
            pages.Push(page.Items);
            if (!page.More || page.Items is not [{ Seq: var oldest }, ..]) return [.. pages.SelectMany(lines => lines)];
            before = oldest;
        }
    }

    private static string Json(Said line, bool first) =>
        (first ? "[\n" : ",\n") + JsonSerializer.Serialize(line, ChatWire.Messages.JsonOf(typeof(Said)));

    private static string Text(Said line)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{line.At:yyyy-MM-dd HH:mm:ss}Z  {line.Name}");
        if (line.ToName is { } to) text.Append(CultureInfo.InvariantCulture, $" to {to} only");
        if (line.Reply is { } quote) text.Append(CultureInfo.InvariantCulture, $" answers {quote.Name}");
        text.Append(": ").Append(line.Deleted is { } by ? $"(deleted by {by})" : line.Text.Replace("\n", "\n    ", StringComparison.Ordinal));
        if (line is { Edited: not null, Deleted: null }) text.Append(" (edited)");
        foreach (var reactions in (line.Reactions ?? []).GroupBy(reaction => reaction.Emoji))
            text.Append(CultureInfo.InvariantCulture, $"\n    {reactions.Key} {string.Join(", ", reactions.Select(reaction => reaction.Name))}");
        return text.Append('\n').ToString();
    }
}
