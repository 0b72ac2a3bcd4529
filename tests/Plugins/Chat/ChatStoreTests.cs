using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;
using LanCollab.Tests.Support;
using Microsoft.Data.Sqlite;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

public class ChatStoreTests
{
    [Fact]
    public async Task After_a_restart_the_history_is_there_and_the_numbers_go_on()
    {
        using var folder = new TempFolder();
        string saved = folder["chat.db"];
        await using (ChatMeeting before = await StartAsync())
        {
            await SayAllAsync(await before.JoinAsync("Ada"), 3);
            // A copy while the server runs, as a killed one leaves it: the main file and its write-ahead log.
            foreach (string end in new[] { "", "-wal" }) File.Copy(before.File + end, saved + end);
        }
        await using var after = new ChatMeeting();
        foreach (string end in new[] { "", "-wal" }) File.Copy(saved + end, after.File + end);
        await after.StartAsync();
        TestClientContext bob = await after.JoinAsync("Bob");
        Assert.Equal(["line 1", "line 2", "line 3"], (await bob.Page.WaitAsync<HistoryLoaded>()).Items.Select(line => line.Text));
        Assert.Equal(4, (await SayAsync(bob, "good morning")).Seq);
    }

    [Fact]
    public async Task A_line_that_cannot_be_saved_is_refused_and_told_to_nobody()
    {
        await using ChatMeeting meeting = await StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        Execute(meeting.File, "CREATE TRIGGER full BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        Assert.Equal("not-saved", (await Assert.ThrowsAsync<UserErrorException>(() => SayAsync(ada, "lost"))).Code);
        Execute(meeting.File, "DROP TRIGGER full");
        Assert.Equal(1, (await SayAsync(ada, "kept")).Seq);
        Assert.Equal("kept", Assert.Single(await LinesAsync(ada, 1)).Text);
    }

    [Fact]
    public void A_batch_is_numbered_in_its_order_and_known_keys_keep_their_number()
    {
        using var rig = new StoreRig();
        IReadOnlyList<Stored> stored = rig.Store.Append([rig.Line("k1"), rig.Line("k2"), rig.Line("k1")]);
        Assert.Equal([(1L, true), (2L, true), (1L, false)], stored.Select(s => (s.Seq, s.News is not null)));
        Assert.Equal(new Stored(1), rig.Store.Append([rig.Line("k1")])[0]);
    }

    [Fact]
    public void A_page_of_long_lines_stays_below_the_longest_frame_and_says_that_there_is_more()
    {
        using var rig = new StoreRig();
        rig.Store.Append([.. Enumerable.Range(1, 50).Select(n => rig.Line($"k{n}", new string('ä', LineRules.MaxText)))]);
        HistoryOk page = rig.Page("Ada", new History(Limit: 200));
        Assert.True(page.More);
        Assert.Equal(50, page.Items[^1].Seq);
        Assert.InRange(ChatWire.Messages.Encode(page).Length, 1, ChatWire.MaxFrame);
        Assert.InRange(ChatWire.Messages.Encode(page.Items[0]).Length, 1, FrameLimits.Control);
    }

    [Fact]
    public void Upward_and_downward_pages_meet()
    {
        using var rig = new StoreRig();
        rig.Store.Append([.. Enumerable.Range(1, 10).Select(n => rig.Line($"k{n}", to: n % 3 == 0 ? StoreRig.Bob : null))]);
        Assert.Equal([5L, 7], rig.Page("Cy", new History(After: 4, Limit: 2)).Items.Select(line => line.Seq));
        Assert.Equal([2L, 4], rig.Page("Cy", new History(Before: 5, Limit: 2)).Items.Select(line => line.Seq));
        Assert.Equal([3L, 4], rig.Page("Bob", new History(Before: 5, Limit: 2)).Items.Select(line => line.Seq));
        Assert.False(rig.Page("Cy", new History(After: 7, Limit: 2)).More);
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
