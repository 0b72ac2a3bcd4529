using System.Globalization;
using System.Text;

namespace LanCollab.Host.Discovery;

/// <summary>A server's name as it may be shown, whoever sent it.</summary>
internal static class ServerName
{
    /// <summary>
    /// Takes out control, format (bidirectional marks among them), private and unassigned characters, makes runs of white space one space, composes (NFC),
    /// and cuts at <see cref="DiscoveryLayout.MaxName"/> bytes of UTF-8. May come out empty.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) AppendSpace(clean);
            else if (IsShown(rune)) clean.Append(rune.ToString());
        }
        return Cut(clean.ToString().Normalize(NormalizationForm.FormC)).TrimEnd();
    }

    private static void AppendSpace(StringBuilder clean)
    {
        if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Cut(string text)
    {
        int bytes = 0, length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > DiscoveryLayout.MaxName) return text[..length];
            length += rune.Utf16SequenceLength;
        }
        return text;
    }
}
