using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;
using LanCollab.Tests.Support;
using Microsoft.Data.Sqlite;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>A file that is damaged, locked, or on a full disk: one clear answer, and nothing acknowledged that is not on disk.</summary>
public class BadDiskTests
{
    public static TheoryData<string> Damages => ["junk", "cut", "inside", "version"];

    [Theory, MemberData(nameof(Damages))]
    public async Task A_damaged_history_is_set_aside_and_a_new_one_begun_and_chat_says_so(string damage)
    {
        await using var meeting = new ChatMeeting();
        using (var rig = new StoreRig())
        {
            rig.Store.Append([.. Enumerable.Range(1, 500).Select(_ => rig.Line(room: "ROOM"))]);
            rig.Store.Dispose();
            // What is still in the log is none of the file that is damaged below, and SQLite may keep it there until a collection.
            using (SqliteConnection last = Connect(rig.File)) Execute(last, "PRAGMA wal_checkpoint(TRUNCATE)");
            File.Copy(rig.File, meeting.File);
        }
        Damage(meeting.File, damage);
        byte[] damaged = await File.ReadAllBytesAsync(meeting.File, TestContext.Current.CancellationToken);
        await meeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        Assert.Equal(meeting.Hub.Time.GetUtcNow(), (await ada.Page.WaitAsync<HistoryLoaded>()).Lost);
        Assert.Equal(1, (await SayAsync(ada, "a new start")).Seq);
        string aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(meeting.File)!, "chat.db.damaged-*"), file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(aside, TestContext.Current.CancellationToken));
        Assert.Contains(meeting.Hub.Log.Lines.All, line => line.Id.Id == 3005 && line.Text.Contains(aside));
    }

    [Fact]
    public void A_history_that_is_well_is_never_set_aside()
    {
        using var rig = new StoreRig();
        rig.Put(rig.Line());
        rig.Open();
        Assert.Null(rig.Store.Lost);
        Assert.Single(rig.Page("Ada").Items);
    }

    [Fact]
    public async Task A_locked_history_is_one_clear_answer_and_goes_on_when_it_is_free()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        using (SqliteConnection other = Connect(meeting.File))
        {
            Execute(other, "BEGIN IMMEDIATE");
            Assert.Equal("store-locked", (await Assert.ThrowsAsync<UserErrorException>(() => SayAsync(ada, "lost?"))).Code);
        }
        Assert.Empty(ada.Page.Events<Said>());
        Queued kept = ada.Page.Events<Queued>().Last(queued => queued.Error is not null);
        await ada.Page.RequestAsync(new Retry(kept.Key));
        Assert.Equal((1, "lost?"), ((await ada.Page.WaitAsync<Said>()).Seq, ada.Page.Events<Said>()[0].Text));
    }

    [Fact]
    public void A_history_that_is_locked_at_the_start_is_not_taken_for_a_damaged_one()
    {
        using var rig = new StoreRig();
        rig.Put(rig.Line());
        rig.Store.Dispose();
        using (SqliteConnection other = Connect(rig.File))
        {
            Execute(other, "PRAGMA locking_mode = EXCLUSIVE");
            Execute(other, "BEGIN EXCLUSIVE");
            Execute(other, "DELETE FROM people");
            var refusal = Assert.Throws<IOException>(rig.Open);
            Assert.Contains("Another program holds", refusal.Message);
        }
        rig.Open();
        Assert.Single(rig.Page("Ada").Items);
    }

    [Fact]
    public async Task A_full_disk_is_one_clear_answer_nothing_is_lost_and_it_goes_on_when_there_is_space()
    {
        await using ChatMeeting meeting = await StartAsync(("Burst", "100000"));
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        using var full = new FullDisk(meeting);
        var acknowledged = new List<long>();
        UserErrorException? refusal = null;
        for (int i = 0; i < 5000 && refusal is null; i++)
        {
            try { acknowledged.Add((await SayAsync(ada, new string('x', 4000))).Seq); }
            catch (UserErrorException e) { refusal = e; }
        }
        Assert.Equal(("disk-full", true), (refusal?.Code, refusal!.Message.Contains("disk is full")));
        Assert.Equal(acknowledged, (await LinesAsync(bob, acknowledged.Count)).Select(line => line.Seq));
        full.MakeSpace();
        long next = (await SayAsync(ada, "there is space again")).Seq;
        Assert.Equal(acknowledged.Count + 1, next);
        Assert.Equal(acknowledged.Append(next), (await LinesAsync(bob, acknowledged.Count + 1)).Select(line => line.Seq));
    }

    [Fact]
    public void On_a_file_system_that_is_really_full_what_was_acknowledged_is_there_and_space_that_returns_is_used()
    {
        using var folder = new TempFolder();
        if (Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.Path) != 0) Assert.Skip("Only root may mount a small file system.");
        try
        {
            using var rig = new StoreRig(folder.Path);
            string ballast = folder["ballast"];
            File.WriteAllBytes(ballast, new byte[200_000]);
            long acknowledged = Fill(rig);
            Assert.Equal(acknowledged, rig.Page("Bob").Last);
            File.Delete(ballast);
            Assert.Equal(acknowledged + 1, rig.Put(rig.Line()).Seq);
            rig.Open();
            Assert.Equal((acknowledged + 1, (DateTimeOffset?)null), (rig.Page("Bob").Last, rig.Store.Lost));
        }
        finally
        {
            Run("umount", "-l", folder.Path);
        }
    }

    /// <summary>Says lines until one is refused; gives the number of the last that was not.</summary>
    private static long Fill(StoreRig rig)
    {
        for (long last = 0; ;)
        {
            try
            {
                last = rig.Put(rig.Line(text: new string('x', 2000))).Seq;
            }
            catch (SqliteException e)
            {
                Assert.Equal("disk-full", StoreErrors.Refusal(e).Code);
                Assert.False(rig.Store.Broken);
                return last;
            }
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>SQLite's own limit of pages gives the same error as a disk without space, without being root: on the hub's one writing connection.</summary>
    private sealed class FullDisk : IDisposable
    {
        private readonly SqliteConnection _writer;

        public FullDisk(ChatMeeting meeting)
        {
            _writer = meeting.Writer;
            long pages = (long)Value("PRAGMA page_count");
            Value($"PRAGMA max_page_count = {pages + 20}");
        }

        public void MakeSpace() => Value("PRAGMA max_page_count = 1000000");

        private object Value(string sql)
        {
            using SqliteCommand command = _writer.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar()!;
        }

        public void Dispose() => MakeSpace();
    }

    private static void Damage(string file, string how)
    {
        byte[] bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "junk": File.WriteAllText(file, "This is no database, but it has been here for years.\n"); break;
            case "cut": File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]); break;
            case "inside": bytes.AsSpan(3 * 4096, 4096).Fill(0xA5); File.WriteAllBytes(file, bytes); break;
            default:
                using (SqliteConnection connection = Connect(file)) Execute(connection, "PRAGMA user_version = 1");
                break;
        }
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
