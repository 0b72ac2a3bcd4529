using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;
using Microsoft.Data.Sqlite;

namespace LanCollab.Tests.EndToEnd;

/// <summary>A disk that is full, and one whose fsync fails, below a real server.</summary>
[Collection(EndToEndCollection.Name)]
public class FilesDiskTests
{
    private const int MiB = 1 << 20, Size = 20 * MiB;

    [Fact]
    public async Task On_a_full_disk_uploads_wait_chat_goes_on_and_all_is_well_when_there_is_room_again()
    {
        using var folder = new TempFolder();
        string disk = folder.Folder("server/files");
        if (!Run("mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", disk)) Assert.Skip("Mounting a small disk needs root.");
        try
        {
            await using ServerProcess server = await ServerProcess.StartAsync(folder.Folder("server"), "--Plugins:Files:MinFreeBytes=0");
            await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada"), $"--Plugins:Files:UploadLimit={5 * MiB}");
            await ada.JoinAsync(server.Address);
            (string path, string hash) = Make(folder);
            string upload = await OfferAsync(ada, path);
            await ada.Bridge.WaitAsync("files", "progress", e => e.GetProperty("done").GetInt64() >= 3 * MiB);
            string ballast = Path.Combine(disk, "ballast");
            await FillAsync(ballast);

            JsonElement waiting = await ada.Bridge.WaitAsync("files", "progress", e => e.GetProperty("state").GetString() == "waiting");
            Assert.Contains("full", waiting.GetProperty("reason").GetString());
            await ada.Bridge.RequestAsync("chat", "say", new { text = "still here" });
            await ada.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "still here");

            File.Delete(ballast);
            await ArrivesAsync(ada, upload, hash, folder.Folder("to"));
        }
        finally
        {
            Run("umount", "-l", disk);
        }
    }

    [Fact]
    public async Task When_fsync_fails_nothing_is_acknowledged_and_the_upload_is_whole_in_the_end()
    {
        if (!TracedServer.CanTrace) Assert.Skip("strace is not here.");
        using var folder = new TempFolder();
        // The first three packs fail at every fsync; the fourth is well.
        string[] bad = [.. Enumerable.Range(1, 3).Select(number => folder[$"server/files/packs/{number:d8}.pack"])];
        await using ServerProcess server = await ServerProcess.StartByAsync(TracedServer.Launcher(folder["strace.log"], bad, "fsync,fdatasync:error=EIO"), folder.Folder("server"), "--Plugins:Files:MinFreeBytes=0");
        await using ClientProcess ada = await ClientProcess.StartAsync("Ada", folder.Folder("ada"));
        await ada.JoinAsync(server.Address);
        await using var end = new TracedServer(server.Process.Id);
        (string path, string hash) = Make(folder);
        string upload = await OfferAsync(ada, path);
        JsonElement waiting = await ada.Bridge.WaitAsync("files", "progress", e => e.GetProperty("state").GetString() == "waiting");
        Assert.Equal(0, waiting.GetProperty("done").GetInt64());
        Assert.Contains("disk", waiting.GetProperty("reason").GetString());
        await ada.Bridge.RequestAsync("chat", "say", new { text = "still here" });
        await ArrivesAsync(ada, upload, hash, folder.Folder("to"));
        Assert.InRange(File.ReadLines(folder["strace.log"]).Count(line => line.Contains("EIO", StringComparison.Ordinal)), 3, 1000);
        // Which good pack a block went to is luck: one that stood in a group with a block of a bad pack is given up with it.
        (long bad, long good) stored = StoredBytes(folder["server/files/store.db"], lastBad: bad.Length);
        Assert.Equal((0, Size), stored);
        long onDisk = Directory.GetFiles(folder["server/files/packs"]).Except(bad).Sum(pack => new FileInfo(pack).Length);
        Assert.InRange(onDisk, Size, long.MaxValue);
    }

    private static (long Bad, long Good) StoredBytes(string database, int lastBad)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using SqliteCommand query = connection.CreateCommand();
        query.CommandText = "SELECT TOTAL(CASE WHEN pack <= @last THEN length END), TOTAL(CASE WHEN pack > @last THEN length END) FROM blocks";
        query.Parameters.AddWithValue("@last", lastBad);
        using SqliteDataReader reader = query.ExecuteReader();
        reader.Read();
        return ((long)reader.GetDouble(0), (long)reader.GetDouble(1));
    }

    private static (string Path, string Hash) Make(TempFolder folder)
    {
        byte[] content = new byte[Size];
        new Random(5).NextBytes(content);
        File.WriteAllBytes(folder["from/plan.bin"], content);
        return (folder["from/plan.bin"], Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static async Task<string> OfferAsync(ClientProcess person, string path)
    {
        // A traced server is slow: the room's list may come long after the join.
        await person.Bridge.WaitAsync("files", "items", e => e.GetProperty("store").GetString() != "");
        return (await person.Bridge.RequestAsync("files", "offer", new { path })).GetProperty("upload").GetString()!;
    }

    private static async Task ArrivesAsync(ClientProcess person, string upload, string hash, string target)
    {
        TimeSpan patience = TimeSpan.FromSeconds(90);
        JsonElement done = await person.Bridge.WaitAsync("files", "uploaded", e => e.GetProperty("upload").GetString() == upload, patience);
        Assert.Equal(hash, done.GetProperty("sha256").GetString());
        string id = done.GetProperty("id").GetString()!;
        await person.Bridge.RequestAsync("files", "download", new { id, path = target });
        string path = (await person.Bridge.WaitAsync("files", "downloaded", e => e.GetProperty("id").GetString() == id, patience)).GetProperty("path").GetString()!;
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
    }

    private static async Task FillAsync(string path)
    {
        byte[] page = new byte[64 * 1024];
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            while (true) file.Write(page);
        }
        catch (IOException)
        {
            // Full now.
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
