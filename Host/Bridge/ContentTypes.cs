namespace LanCollab.Host.Bridge;

/// <summary>The kinds of files that pages consist of.</summary>
internal static class ContentTypes
{
    /// <summary>The content type of a file name; null for a kind that is not served.</summary>
    public static string? Of(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".jpg" => "image/jpeg",
        ".webp" => "image/webp",
        ".woff2" => "font/woff2",
        ".wasm" => "application/wasm",
        ".ttf" => "font/ttf",
        ".bcmap" or ".pfb" => "application/octet-stream",
        ".wav" => "audio/wav",
        _ => null,
    };
}
