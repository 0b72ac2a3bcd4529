using System.IO.Compression;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class FolderTests
{
    [Fact]
    public async Task A_folder_arrives_with_all_files_their_bytes_and_times()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        string folder = Make(meeting, ("a.txt", 10), ("big/photo.bin", 2_500_000), ("big/empty.txt", 0), ("z/y/x/deep.txt", 1_048_576));
        File.SetLastWriteTimeUtc(Path.Combine(folder, "a.txt"), new DateTime(2020, 5, 6, 7, 8, 9, DateTimeKind.Utc));
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "/etc/passwd");

        await FilesMeeting.OfferAsync(ada, folder + "/");
        SharedFile offered = await bob.Page.WaitAsync<SharedFile>();
        Assert.Equal(("holiday", 4), (offered.Name, offered.Files));
        await FilesMeeting.DownloadAsync(bob, offered.Id);
        string arrived = (await bob.Page.WaitAsync<DownloadDone>()).Path;
        Assert.Equal("holiday", Path.GetFileName(arrived));
        Assert.Equal(["a.txt", "big/empty.txt", "big/photo.bin", "z/y/x/deep.txt"], Files(arrived));
        foreach (string file in Files(arrived)) Assert.Equal(File.ReadAllBytes(Path.Combine(folder, file)), File.ReadAllBytes(Path.Combine(arrived, file)));
        Assert.Equal(2020, File.GetLastWriteTimeUtc(Path.Combine(arrived, "a.txt")).Year);
        Assert.Equal(["holiday"], Directory.GetFileSystemEntries(Path.GetDirectoryName(arrived)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Of_a_folder_that_was_half_fetched_only_the_missing_blocks_come_again()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        string folder = Make(meeting, ("a.bin", 3_000_000), ("b.bin", 3_000_000));
        await FilesMeeting.OfferAsync(ada, folder);
        SharedFile file = await bob.Page.WaitAsync<SharedFile>();
        await bob.DisposeAsync();

        string target = meeting.Hub.Folder.Folder("in"), part = Path.Combine(target, "holiday.part");
        Directory.CreateDirectory(part);
        File.Copy(Path.Combine(folder, "a.bin"), Path.Combine(part, "a.bin"));
        new TransferJournal(bob.DataDirectory, meeting.Hub.Log).Put(new DownloadEntry(file, meeting.Server.Store.Id, "room", target, "holiday", part));
        TestClientContext again = await meeting.JoinAsync("Bob", before: bob.DataDirectory);
        DownloadDone done = await again.Page.WaitAsync<DownloadDone>();
        Assert.Equal(2 * BlockLayout.Size, done.ResumedFrom);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "b.bin")), File.ReadAllBytes(Path.Combine(done.Path, "b.bin")));
    }

    [Fact]
    public async Task The_page_gets_a_folder_as_an_archive()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        string folder = Make(meeting, ("a.txt", 10), ("b/c.bin", 2_000_000));
        await FilesMeeting.OfferAsync(ada, folder);
        SharedFile offered = await ada.Page.WaitAsync<SharedFile>();
        TestHttpExchange got = await ada.Page.HttpAsync("GET", $"/files/{offered.Id}");
        Assert.Equal(("application/zip", "attachment; filename*=UTF-8''holiday.zip"), (got.Headers["Content-Type"], got.Headers["Content-Disposition"]));
        using var zip = new ZipArchive(new MemoryStream(got.Response));
        Assert.Equal(["a.txt", "b/c.bin"], zip.Entries.Select(entry => entry.FullName));
        using var content = new MemoryStream();
        using (Stream entry = zip.GetEntry("b/c.bin")!.Open()) entry.CopyTo(content);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "b/c.bin")), content.ToArray());
    }

    [Fact]
    public void Paths_of_others_stay_inside_and_apart()
    {
        string[] hostile = ["../../etc/passwd", "/etc/passwd", "C:\\x", "a/../b", "CON/x", "A.txt", "a.txt", "dir", "dir/file", "DIR/FILE", "", "/", "a//b", "x/", "x", ".ssh/id", "n\u202Etxt"];
        string[] safe = [.. FolderTarget.SafePaths(hostile)];
        Assert.Equal(hostile.Length, safe.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.DoesNotContain(safe, path => Path.IsPathRooted(path) || path.Split('/').Any(part => part is ".." or "." or ""));
        using var temp = new TempFolder();
        string part = temp.Folder("in.part");
        var index = new FolderIndex([.. hostile.Select(path => new FolderFile(path, 1, 0))]);
        byte[] bytes = index.Encode();
        using (var target = new FolderTarget(part, FolderIndex.Decode(bytes, hostile.Length), bytes)) target.Write(0, new byte[target.Size]);
        Assert.Equal(["in.part"], Directory.GetFileSystemEntries(temp.Path).Select(Path.GetFileName));
        Assert.Equal(hostile.Length, Files(part).Length);
        Assert.All(Files(part), file => Assert.Equal(1, new FileInfo(Path.Combine(part, file)).Length));
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("no json", 0)]
    [InlineData("""{"files":[{"path":"a","size":5,"modified":0}]}""", 4)]
    [InlineData("""{"files":[{"path":"a","size":-5,"modified":0},{"path":"b","size":9,"modified":0}]}""", 4)]
    [InlineData("""{"files":[{"path":"a","size":9223372036854775807,"modified":0},{"path":"b","size":9223372036854775807,"modified":0}]}""", 4)]
    public void An_index_that_does_not_fit_its_content_is_refused(string json, long rest) =>
        Assert.Equal("bad-folder", Assert.Throws<UserErrorException>(() => FolderIndex.Decode(System.Text.Encoding.UTF8.GetBytes(json), rest)).Code);

    private static string Make(FilesMeeting meeting, params (string Path, int Size)[] files)
    {
        string folder = Path.Combine(meeting.Hub.Folder.Folder(Guid.NewGuid().ToString("n")), "holiday");
        foreach ((string path, int size) in files)
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, FilesMeeting.Bytes(size));
        }
        return folder;
    }

    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}
