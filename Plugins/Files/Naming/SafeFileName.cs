using System.Globalization;
using System.Text;

namespace LanCollab.Plugins.Files;

/// <summary>
/// Makes a name that came from somebody else into one that every file system takes as a plain file of the folder it is put in:
/// no path, no drive, no stream, no device, nothing invisible. Applying it twice gives what applying it once gave.
/// </summary>
internal static class SafeFileName
{
    /// <summary>Bytes of UTF-8; leaves room for <c> (999)</c> and <c>.part</c> below the 255 of the usual file systems.</summary>
    public const int MaxBytes = 240;

    private const string Unnamed = "file";
    private const int MaxExtensionBytes = 24;

    // Letters by their category, yet drawn as nothing: they hide what a name really is.
    private const string Blanks = "\u034F\u115F\u1160\u17B4\u17B5\u180B\u180C\u180D\u180F\u2800\u3164\uFFA0";

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$",
    };

    /// <summary>The safe form of a name; never empty.</summary>
    public static string Of(string name)
    {
        string cut = Trim(Shorten(Trim(Visible(LastSegment(name)).Normalize(NormalizationForm.FormC))));
        if (cut.Length == 0) return Unnamed;
        // A leading dot hides the file; a device name opens the device, whatever the extension.
        if (cut[0] == '.') cut = Trim(Shorten("_" + cut[1..]));
        return IsDevice(cut) ? Trim(Shorten("_" + cut)) : cut;
    }

    /// <summary><c>plan.pdf</c>, 2 → <c>plan (2).pdf</c>; 1 is the name itself.</summary>
    public static string Numbered(string name, int number)
    {
        if (number == 1) return name;
        int dot = ExtensionAt(name);
        return $"{name[..dot]} ({number.ToString(CultureInfo.InvariantCulture)}){name[dot..]}";
    }

    private static string LastSegment(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

    private static string Visible(string name)
    {
        var text = new StringBuilder(name.Length);
        // Lone surrogates come out of EnumerateRunes as U+FFFD, so the result is valid UTF-8.
        foreach (Rune rune in name.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.Surrogate:
                    break;
                case UnicodeCategory.SpaceSeparator:
                    text.Append(' ');
                    break;
                default:
                    Append(text, rune);
                    break;
            }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        if ((rune.IsBmp && Blanks.Contains((char)rune.Value)) || IsNoncharacter(rune.Value)) return;
        bool forbidden = rune.IsBmp && "<>:\"|?*".Contains((char)rune.Value);
        if (forbidden) text.Append('_');
        else text.Append(rune);
    }

    /// <summary>Code points that stand for nothing and never will (Unicode 23.7); normalisation throws at them.</summary>
    private static bool IsNoncharacter(int value) => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF;

    private static string Trim(string name) => name.TrimEnd(' ', '.').TrimStart(' ');

    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes) return name;
        int dot = ExtensionAt(name);
        string extension = name[dot..];
        return Head(name[..dot], MaxBytes - Encoding.UTF8.GetByteCount(extension)).TrimEnd(' ', '.') + extension;
    }

    private static string Head(string text, int bytes)
    {
        int end = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if ((bytes -= rune.Utf8SequenceLength) < 0) break;
            end += rune.Utf16SequenceLength;
        }
        return text[..end];
    }

    private static int ExtensionAt(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot > 0 && Encoding.UTF8.GetByteCount(name.AsSpan(dot)) <= MaxExtensionBytes ? dot : name.Length;
    }

    private static bool IsDevice(string name)
    {
        string stem = name.Split('.', 2)[0].TrimEnd(' ');
        return Devices.Contains(stem) || (stem.Length == 4 && IsPort(stem));
    }

    private static bool IsPort(string stem) =>
        (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
        && "0123456789¹²³".Contains(stem[3]);
}
