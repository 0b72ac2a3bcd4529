using System.Globalization;
using System.Text;

namespace LanCollab.Plugins.Session;

/// <summary>What people may call themselves and their rooms.</summary>
internal static class Naming
{
    /// <summary>In characters as Unicode counts them (code points).</summary>
    public const int MaxLength = 64;

    private const string Invisible = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0";

    /// <summary>A person's name, made canonical.</summary>
    /// <exception cref="UserErrorException"><c>bad-name</c>.</exception>
    public static string Person(string given) => Canonical(given, "bad-name", "A name");

    /// <summary>A room's name, made canonical.</summary>
    /// <exception cref="UserErrorException"><c>bad-room</c>.</exception>
    public static string Room(string given) => Canonical(given, "bad-room", "A room's name");

    /// <summary>The beginning of a name that is canonical already.</summary>
    public static string Shorten(string name, int length)
    {
        Rune[] runes = [.. name.EnumerateRunes()];
        return runes.Length <= length ? name : string.Concat(runes.Take(length)).TrimEnd();
    }

    private static string Canonical(string given, string code, string what)
    {
        string text = Composed(given.Trim());
        var clean = new StringBuilder(text.Length);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // How a character is drawn (U+FE0F after an emoji) is not part of a name: two names would look the same.
            if (rune.Value is >= 0xFE00 and <= 0xFE0F) continue;
            bool space = Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator;
            if (!space && !IsVisible(rune)) throw new UserErrorException(code, $"{what} may not hold control characters or invisible ones.");
            if (space && clean is [.., ' ']) continue;
            clean.Append(space ? " " : rune.ToString());
            length++;
        }
        string canonical = clean.ToString().Trim();
        if (canonical.Length == 0 || length > MaxLength) throw new UserErrorException(code, $"{what} has 1 to {MaxLength} characters.");
        if (IsMark(Rune.GetRuneAt(canonical, 0))) throw new UserErrorException(code, $"{what} may not begin with an accent.");
        return canonical;
    }

    private static string Composed(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: refused when the runes are looked at.
            return text;
        }
    }

    private static bool IsVisible(Rune rune) => rune != Rune.ReplacementChar && !Invisible.Contains((char)rune.Value) | rune.Value > 0xFFFF
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;
}
