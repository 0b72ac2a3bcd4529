using System.Text;
using CsCheck;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class SafeFileNameTests
{
    public static TheoryData<string, string> Hostile => new()
    {
        // Plain ones stay as they are.
        { "plan.pdf", "plan.pdf" }, { "Séance 1 (final).txt", "Séance 1 (final).txt" }, { "日本語.txt", "日本語.txt" }, { "😀.png", "😀.png" },
        { "archive.tar.gz", "archive.tar.gz" }, { "a b  c.txt", "a b  c.txt" }, { "-rf", "-rf" }, { "~", "~" }, { "$(id).txt", "$(id).txt" },
        // Empty, and what becomes empty.
        { "", "file" }, { " ", "file" }, { ".", "file" }, { "..", "file" }, { "...", "file" }, { ". .", "file" }, { "/", "file" }, { "\u200B", "file" },
        // Paths.
        { "../../etc/passwd", "passwd" }, { "/etc/passwd", "passwd" }, { "..\\..\\boot.ini", "boot.ini" }, { "C:\\Windows\\win.ini", "win.ini" },
        { "C:win.ini", "C_win.ini" }, { "\\\\server\\share\\x", "x" }, { "//server/share/x", "x" }, { "a/..", "file" }, { "a/", "file" }, { "/..", "file" },
        { "\\\\?\\C:\\x", "x" }, { "file:///etc/passwd", "passwd" }, { "foo/../../bar", "bar" }, { "..%2f..%2fetc", "..%2f..%2fetc".Replace("..%2f..", "_.%2f..") },
        // Streams, wildcards, pipes.
        { "a.txt:evil.exe", "a.txt_evil.exe" }, { "a.txt::$DATA", "a.txt__$DATA" }, { "a*?.txt", "a__.txt" }, { "<a>|\"b\".txt", "_a___b_.txt" },
        // Devices, with any extension and case.
        { "CON", "_CON" }, { "con", "_con" }, { "con.txt", "_con.txt" }, { "NUL.tar.gz", "_NUL.tar.gz" }, { "PRN", "_PRN" }, { "AUX.c", "_AUX.c" },
        { "COM1", "_COM1" }, { "com9.log", "_com9.log" }, { "COM¹", "_COM¹" }, { "LPT³.x", "_LPT³.x" }, { "LPT0", "_LPT0" }, { "CONIN$", "_CONIN$" }, { "CLOCK$", "_CLOCK$" },
        { "CON .txt", "_CON .txt" }, { "COM10", "COM10" }, { "CONSOLE", "CONSOLE" }, { "acon.txt", "acon.txt" }, { "CON:", "CON_" }, { "C\u200BON", "_CON" },
        // What cannot be seen, or turns the rest around.
        { "a\0b.txt", "ab.txt" }, { "a\nb\r.txt", "ab.txt" }, { "a\u0007\u001b[31m.txt", "a[31m.txt" }, { "a\u007f\u0085.txt", "a.txt" },
        { "cod\u202Egpj.exe", "codgpj.exe" }, { "\u202Aa\u202C\u2066b\u2069.txt", "ab.txt" }, { "a\u200Bb\u200Cc\u200Dd\uFEFF.txt", "abcd.txt" },
        { "a\u00ADb.txt", "ab.txt" }, { "a\u2028b\u2029.txt", "ab.txt" }, { "a\u3164b\u115F.txt", "ab.txt" }, { "a\u2800.txt", "a.txt" }, { "a\u180E.txt", "a.txt" },
        { "a\u00A0b\u3000c.txt", "a b c.txt" }, { "\U000E0041a.txt", "a.txt" },
        // Ends that Windows drops, beginnings that hide.
        { "a.txt.", "a.txt" }, { "a.txt ", "a.txt" }, { "a.txt. . .", "a.txt" }, { " a.txt", "a.txt" }, { ".bashrc", "_bashrc" }, { ".htaccess.", "_htaccess" },
        { "a.txt\u00A0", "a.txt" }, { "..a", "_.a" }, { "a .txt", "a .txt" },
        // Broken UTF-16.
        { "a\uD800b.txt", "a\uFFFDb.txt" }, { "\uDC00.txt", "\uFFFD.txt" },
        // Composed or not: the same name.
        { "e\u0301.txt", "\u00E9.txt" }, { "\u00E9.txt", "\u00E9.txt" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_name_becomes_safe(string name, string safe) => Assert.Equal(safe, SafeFileName.Of(name));

    [Theory]
    [InlineData('a', 500, ".pdf")]
    [InlineData('é', 300, ".pdf")]
    [InlineData('語', 200, ".tar")]
    [InlineData('a', 400, "")]
    public void A_long_name_is_cut_between_characters_and_keeps_its_extension(char letter, int count, string extension)
    {
        string safe = SafeFileName.Of(new string(letter, count) + extension);
        Assert.InRange(Encoding.UTF8.GetByteCount(safe), SafeFileName.MaxBytes - 3, SafeFileName.MaxBytes);
        Assert.EndsWith(extension, safe);
        Assert.DoesNotContain('\uFFFD', safe);
    }

    [Fact]
    public void An_extension_that_is_all_of_the_name_is_cut_too() =>
        Assert.InRange(Encoding.UTF8.GetByteCount(SafeFileName.Of("a." + new string('x', 600))), 1, SafeFileName.MaxBytes);

    [Theory]
    [InlineData("plan.pdf", 1, "plan.pdf")]
    [InlineData("plan.pdf", 2, "plan (2).pdf")]
    [InlineData("README", 3, "README (3)")]
    [InlineData("a.tar.gz", 2, "a.tar (2).gz")]
    public void A_number_goes_before_the_extension(string name, int number, string numbered) => Assert.Equal(numbered, SafeFileName.Numbered(name, number));

    [Fact]
    public void Whatever_comes_the_result_is_safe_and_making_it_safe_again_changes_nothing()
    {
        Gen<string> nasty = Gen.OneOf(
            Gen.String[Gen.Char, 0, 300],
            Gen.String[Gen.Char["./\\: *?\"<>|aCONcomNUL1\u202E\u200B\u0301\u00E9\u0000\uD83D\uDE00\u2000\uFEFF¹$"], 0, 40],
            Gen.Int[0, Hostile.Count - 1].Select(i => Hostile.ElementAt(i).Data.Item1));
        nasty.Sample(name =>
        {
            string safe = SafeFileName.Of(name);
            return safe.Length > 0 && safe == SafeFileName.Of(safe)
                && Encoding.UTF8.GetByteCount(safe) <= SafeFileName.MaxBytes
                && safe.IndexOfAny(['/', '\\', ':', '\0', '*', '?', '"', '<', '>', '|']) < 0
                && safe[0] is not ('.' or ' ') && safe[^1] is not ('.' or ' ')
                && safe == Path.GetFileName(safe);
        }, iter: ModelTests.Cases(20_000));
    }

    [Fact]
    public void A_part_and_its_file_never_take_the_place_of_another_in_any_case()
    {
        using var temp = new TempFolder();
        string inside = temp.Folder("in");
        File.WriteAllText(Path.Combine(inside, "PLAN.PDF"), "old");
        var folder = new TargetFolder(inside);
        string part = folder.CreatePart("../plan.pdf");
        Assert.Equal("plan (2).pdf.part", Path.GetFileName(part));
        string other = folder.CreatePart("plan.pdf");
        Assert.Equal("plan (3).pdf.part", Path.GetFileName(other));
        Assert.Equal("plan (2).pdf", Path.GetFileName(folder.Publish(part, "../plan.pdf")));
        Assert.Equal("plan (3).pdf", Path.GetFileName(folder.Publish(other, "plan.pdf")));
        Assert.Equal("old", File.ReadAllText(Path.Combine(inside, "PLAN.PDF")));
        Assert.Equal(["in"], Directory.GetFileSystemEntries(temp.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void No_hostile_name_leaves_the_folder()
    {
        using var temp = new TempFolder();
        var folder = new TargetFolder(temp.Folder("in"));
        foreach (var row in Hostile) folder.Publish(folder.CreatePart(row.Data.Item1), row.Data.Item1);
        Assert.Equal(["in"], Directory.GetFileSystemEntries(temp.Path).Select(Path.GetFileName));
        Assert.Equal(Hostile.Count, Directory.GetFiles(folder.Root).Length);
    }

    [Theory]
    [InlineData("in")]
    [InlineData("./in")]
    [InlineData("../in")]
    public void A_relative_folder_is_refused(string folder) => Assert.Equal("bad-path", Assert.Throws<UserErrorException>(() => new TargetFolder(folder)).Code);
}
