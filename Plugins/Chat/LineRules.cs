using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat;

/// <summary>What may be said: checked in the daemon, for a quick answer, and again on the hub, which trusts nobody.</summary>
internal static class LineRules
{
    public const int MaxText = 8000, MaxKey = 64, MaxSearch = 200;

    // Each line passes here: sets that are looked for many characters at a time.
    private static readonly SearchValues<char>
        Controls = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(c => char.IsControl(c) && c is not ('\n' or '\t'))]),
        KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    // Families and flags are long.
    private const int MaxEmoji = 32;

    /// <summary>The text as it is stored: trimmed, with plain new lines.</summary>
    /// <exception cref="UserErrorException"><c>empty-line</c>, <c>line-too-long</c>, <c>bad-character</c>.</exception>
    public static string Text(string text)
    {
        string clean = text.ReplaceLineEndings("\n").Trim();
        if (clean.Length == 0) throw new UserErrorException("empty-line", "There is nothing to say in this line.");
        if (clean.Length > MaxText)
            throw new UserErrorException("line-too-long", $"This line has {clean.Length} characters and {MaxText} are allowed; say it in several lines.");
        return clean.AsSpan().ContainsAny(Controls) ? throw new UserErrorException("bad-character", "This line has a control character in it; remove it and try again.") : clean;
    }

    /// <summary>One emoji: one character as people see it, not one of ASCII.</summary>
    /// <exception cref="UserErrorException"><c>bad-emoji</c>.</exception>
    public static string Emoji(string emoji) =>
        emoji.Length is > 0 and <= MaxEmoji && StringInfo.GetNextTextElementLength(emoji) == emoji.Length && emoji.EnumerateRunes().Any(IsPicture)
            ? emoji : throw new UserErrorException("bad-emoji", "A reaction is one emoji.");

    // Emoji are "other symbols"; flags are pairs of such; the keycaps (1️⃣) are held together by an enclosing mark.
    private static bool IsPicture(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.EnclosingMark;

    /// <summary>The line's key, or a new one.</summary>
    /// <exception cref="UserErrorException"><c>bad-key</c>.</exception>
    public static string Key(string? key) => key switch
    {
        null => RandomNumberGenerator.GetHexString(20, lowercase: true),
        { Length: > 0 and <= MaxKey } when !key.AsSpan().ContainsAnyExcept(KeyCharacters) => key,
        _ => throw new UserErrorException("bad-key", $"A line's key is 1 to {MaxKey} letters, digits, - or _."),
    };
}
