using LanCollab.Plugins.Chat.Server;
using Microsoft.Data.Sqlite;

namespace LanCollab.Tests.Plugins.Chat;

/// <summary>The history's log is moved into its file beside the one who writes.</summary>
public class CheckpointTests
{
    [Fact]
    public void Commits_leave_the_log_alone_and_a_look_moves_it_so_that_it_is_begun_anew()
    {
        using var rig = new StoreRig();
        while (Log(rig) < 2 * Checkpoints.Worth) rig.Put(rig.Line(text: new string('x', 4000)));
        long file = new FileInfo(rig.File).Length, log = Log(rig);
        rig.Store.Checkpoints.Look();
        Assert.InRange(new FileInfo(rig.File).Length, file + 1, long.MaxValue);
        for (int i = 0; i < 50; i++) rig.Put(rig.Line(text: new string('x', 4000)));
        Assert.Equal(log, Log(rig));
    }

    [Fact]
    public void A_short_log_is_not_worth_it()
    {
        using var rig = new StoreRig();
        rig.Put(rig.Line());
        long file = new FileInfo(rig.File).Length;
        rig.Store.Checkpoints.Look();
        Assert.Equal(file, new FileInfo(rig.File).Length);
    }

    [Fact]
    public void A_reader_in_the_middle_of_a_page_holds_nothing_up_and_everything_is_there_afterwards()
    {
        using var rig = new StoreRig();
        rig.Put(rig.Line());
        using var reader = new SqliteConnection($"Data Source={rig.File};Pooling=False");
        reader.Open();
        using SqliteTransaction reading = reader.BeginTransaction(deferred: true);
        using SqliteCommand count = reader.CreateCommand();
        count.CommandText = "SELECT count(*) FROM entries";
        Assert.Equal(1L, count.ExecuteScalar());
        int lines = 1;
        for (; Log(rig) < 2 * Checkpoints.Worth; lines++) rig.Put(rig.Line(text: new string('x', 4000)));
        rig.Store.Checkpoints.Look();
        Assert.Equal(1L, count.ExecuteScalar());
        reading.Dispose();
        rig.Store.Checkpoints.Look();
        rig.Open();
        Assert.Equal(lines, rig.Page("Bob").Last);
    }

    private static long Log(StoreRig rig) => new FileInfo(rig.File + "-wal").Length;
}
