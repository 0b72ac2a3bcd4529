using System.Text;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class HostileNamesTests
{
    [Fact]
    public void There_are_at_least_200_different_ones() => Assert.True(HostileNames.All.Distinct(StringComparer.Ordinal).Count() >= 200);

    [Fact]
    public void Each_becomes_the_name_of_a_plain_file_that_every_file_system_takes()
    {
        foreach (string name in HostileNames.All)
        {
            string safe = SafeFileName.Of(name);
            Assert.Equal(safe, SafeFileName.Of(safe));
            Assert.InRange(Encoding.UTF8.GetByteCount(safe), 1, SafeFileName.MaxBytes);
            Assert.Equal(-1, safe.IndexOfAny(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '\0']));
            Assert.DoesNotContain(safe.EnumerateRunes(), rune => Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format);
            Assert.False(safe[0] is '.' or ' ' || safe[^1] is '.' or ' ', safe);
        }
    }

    [Fact]
    public async Task Whoever_is_sent_them_gets_them_all_beside_each_other_and_nothing_elsewhere()
    {
        using var temp = new TempFolder();
        string inside = temp.Folder("in"), secret = temp["secret"];
        await File.WriteAllTextAsync(secret, "untouched", TestContext.Current.CancellationToken);
        // Links that somebody has put there before: neither followed nor replaced.
        foreach (string link in (string[])["x", "passwd", "a.txt"]) File.CreateSymbolicLink(Path.Combine(inside, link), secret);
        var folder = new TargetFolder(inside);
        foreach (string name in HostileNames.All)
        {
            string part = folder.CreatePart(name);
            await File.WriteAllBytesAsync(part, [1], TestContext.Current.CancellationToken);
            folder.Publish(part, name);
        }
        Assert.Equal("untouched", await File.ReadAllTextAsync(secret, TestContext.Current.CancellationToken));
        Assert.Equal(["in", "secret"], Directory.GetFileSystemEntries(temp.Path).Select(Path.GetFileName).Order());
        FileInfo[] files = new DirectoryInfo(inside).GetFiles();
        Assert.Equal(HostileNames.All.Count, files.Count(file => file.LinkTarget is null));
        Assert.Equal(files.Length, files.Select(file => file.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void As_paths_of_a_folder_they_stay_inside_and_apart()
    {
        string[] hostile = [.. HostileNames.All, .. HostileNames.All.Select(name => "dir/" + name), .. HostileNames.All.Select(name => name + "/file")];
        string[] safe = [.. FolderTarget.SafePaths(hostile)];
        Assert.Equal(hostile.Length, safe.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        string root = Path.GetFullPath("/somewhere/folder/");
        Assert.All(safe, path => Assert.StartsWith(root, Path.GetFullPath(Path.Combine(root, path)), StringComparison.Ordinal));
    }
}
