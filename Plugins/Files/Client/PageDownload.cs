using System.Globalization;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Streams a file to the page, verified block by block, in its order.</summary>
internal static class PageDownload
{
    /// <summary>Kinds that a browser shows without running anything in them; PDF goes to the browser's own viewer.</summary>
    private static readonly Dictionary<string, string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp", [".bmp"] = "image/bmp",
        [".avif"] = "image/avif", [".pdf"] = "application/pdf",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".md", ".log", ".csv", ".tsv", ".json", ".xml", ".yml", ".yaml", ".toml", ".ini", ".conf", ".cs", ".js", ".mjs", ".ts", ".py", ".c", ".h", ".cpp",
        ".hpp", ".java", ".rs", ".go", ".rb", ".sh", ".ps1", ".sql", ".css", ".html", ".htm", ".svg", ".diff", ".patch", ".srt",
    };

    /// <summary>Sends what is asked for.</summary>
    public static async Task SendAsync(IHttpExchange exchange, SharedFile file, FileFetch fetch, CancellationToken cancellationToken)
    {
        if (ByteRange.Parse(exchange.Header("Range"), file.Size) is not { } range)
        {
            exchange.Respond(416, ("Content-Range", $"bytes */{file.Size}"), ("Content-Length", "0"));
            return;
        }
        Begin(exchange, file, range);
        await CopyAsync(fetch, range.From, range.Length, exchange.Output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a part of the content to a stream, in its order.</summary>
    public static async Task CopyAsync(FileFetch fetch, long offset, long length, Stream output, CancellationToken cancellationToken)
    {
        if (length == 0) return;
        int first = (int)(offset / BlockLayout.Size), last = (int)((offset + length - 1) / BlockLayout.Size);
        var order = new BlockOrder(first);
        await fetch.GetAsync([.. Enumerable.Range(first, last - first + 1)], async (block, data, token) =>
        {
            await order.TurnAsync(block, token).ConfigureAwait(false);
            int from = (int)Math.Max(0, offset - BlockLayout.Offset(block)), to = (int)Math.Min(data.Length, offset + length - BlockLayout.Offset(block));
            await output.WriteAsync(data[from..to], token).ConfigureAwait(false);
            order.Done();
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the page may show it, and as what.</summary>
    public static string? ShownAs(string name)
    {
        string extension = Path.GetExtension(name);
        return Shown.TryGetValue(extension, out string? type) ? type : Texts.Contains(extension) ? "text/plain; charset=utf-8" : null;
    }

    /// <summary>The headers: never something the browser would run, and a download unless the page asked to look at it.</summary>
    private static void Begin(IHttpExchange exchange, SharedFile file, ByteRange range)
    {
        string? shown = exchange.Query("view") is not null ? ShownAs(file.Name) : null;
        string name = Uri.EscapeDataString(SafeFileName.Of(file.Name));
        // A sandbox stops the browser's own PDF viewer; that one runs the document's scripts in a process without a page.
        string policy = shown == "application/pdf" ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'" : "sandbox; default-src 'none'; frame-ancestors 'self'";
        (string, string)[] part = range.IsWhole ? [] : [("Content-Range", $"bytes {range.From}-{range.To - 1}/{file.Size}")];
        exchange.Respond(range.IsWhole ? 200 : 206, [.. part,
            ("Content-Type", shown ?? "application/octet-stream"),
            ("Content-Length", range.Length.ToString(CultureInfo.InvariantCulture)),
            ("Accept-Ranges", "bytes"),
            ("ETag", $"\"{file.Root}\""),
            ("Content-Disposition", $"{(shown is null ? "attachment" : "inline")}; filename*=UTF-8''{name}"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", policy),
            ("Cache-Control", "no-store")]);
    }
}

/// <summary>Lets tasks that end in any order go on one after the other.</summary>
/// <param name="next">Who is first.</param>
internal sealed class BlockOrder(int next)
{
    private readonly Dictionary<int, TaskCompletionSource> _waiting = [];
    private readonly Lock _lock = new();
    private int _next = next;

    /// <summary>Returns when it is this one's turn.</summary>
    public async Task TurnAsync(int block, CancellationToken cancellationToken)
    {
        Task turn;
        lock (_lock)
        {
            if (block == _next) return;
            turn = (_waiting[block] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The turn is over.</summary>
    public void Done()
    {
        TaskCompletionSource? following;
        lock (_lock) _waiting.Remove(++_next, out following);
        following?.SetResult();
    }
}
