using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;
using LanCollab.Tests.Support;
using Microsoft.Data.Sqlite;
using static LanCollab.Tests.Plugins.Chat.ChatMeeting;

namespace LanCollab.Tests.Plugins.Chat;

public class ChatStoreTests
{
    private static readonly Member Ada = new("a", "Ada"), Bob = new("b", "Bob");

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
        Execute(meeting.File, "CREATE TRIGGER full BEFORE INSERT ON lines BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        Assert.Equal("not-saved", (await Assert.ThrowsAsync<UserErrorException>(() => SayAsync(ada, "lost"))).Code);
        Execute(meeting.File, "DROP TRIGGER full");
        Assert.Equal(1, (await SayAsync(ada, "kept")).Seq);
        Assert.Equal("kept", Assert.Single(await LinesAsync(ada, 1)).Text);
    }

    [Fact]
    public void A_batch_is_numbered_in_its_order_and_known_keys_keep_their_number()
    {
        using var folder = new TempFolder();
        using var store = new ChatStore(folder["chat.db"], keep: 100);
        IReadOnlyList<Stored> stored = store.Append([Line("k1"), Line("k2"), Line("k1")]);
        Assert.Equal([(1L, true), (2L, true), (1L, false)], stored.Select(s => (s.Line.Seq, s.IsNew)));
        Assert.Equal(stored[0].Line, store.Append([Line("k1")])[0].Line);
    }

    [Fact]
    public void Only_so_many_lines_of_a_room_are_kept()
    {
        using var folder = new TempFolder();
        using var store = new ChatStore(folder["chat.db"], keep: 150);
        store.Append([.. Enumerable.Range(1, 400).Select(n => Line($"k{n}"))]);
        HistoryOk page = store.Page("room", "Ada", new History(After: 0, Limit: 200));
        Assert.Equal((251, 400, 150), (page.Items[0].Seq, page.Last, page.Items.Count));
    }

    [Fact]
    public void A_page_of_long_lines_stays_below_the_longest_frame_and_says_that_there_is_more()
    {
        using var folder = new TempFolder();
        using var store = new ChatStore(folder["chat.db"], keep: 1000);
        store.Append([.. Enumerable.Range(1, 50).Select(n => Line($"k{n}", new string('ä', LineRules.MaxText)))]);
        HistoryOk page = store.Page("room", "Ada", new History(Limit: 200));
        Assert.True(page.More);
        Assert.Equal(50, page.Items[^1].Seq);
        Assert.InRange(ChatWire.Messages.Encode(page).Length, 1, ChatWire.MaxFrame);
        Assert.InRange(ChatWire.Messages.Encode(page.Items[0]).Length, 1, FrameLimits.Control);
    }

    [Fact]
    public void Upward_and_downward_pages_meet()
    {
        using var folder = new TempFolder();
        using var store = new ChatStore(folder["chat.db"], keep: 1000);
        store.Append([.. Enumerable.Range(1, 10).Select(n => Line($"k{n}", to: n % 3 == 0 ? Bob : null))]);
        Assert.Equal([5L, 7], store.Page("room", "Cy", new History(After: 4, Limit: 2)).Items.Select(line => line.Seq));
        Assert.Equal([2L, 4], store.Page("room", "Cy", new History(Before: 5, Limit: 2)).Items.Select(line => line.Seq));
        Assert.Equal([3L, 4], store.Page("room", "Bob", new History(Before: 5, Limit: 2)).Items.Select(line => line.Seq));
        Assert.False(store.Page("room", "Cy", new History(After: 7, Limit: 2)).More);
    }

    private static NewLine Line(string key, string text = "hello", Member? to = null) => new("room", key, Ada, to, text, DateTimeOffset.UnixEpoch);

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
