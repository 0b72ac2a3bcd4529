using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Client;
using LanCollab.Plugins.Chat.Storage;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Chat;

public class ConversationTests
{
    [Fact]
    public void Lines_said_while_the_first_page_of_history_was_under_way_are_told_as_said()
    {
        var bridge = new TestBridge(ChatWire.Messages);
        TestPage page = bridge.Connect();
        using var folder = new TempFolder();
        using SqliteFile file = ClientFile.Open(folder.Path, new TestLog(), TimeProvider.System);
        var conversation = new Conversation(bridge, new ReadMarks(file), _ => new OutboxState([]));
        conversation.Enter(new Peer("0000000000000001", "Ada", "room"));
        Assert.True(conversation.Take(2, Line(2)));
        Assert.False(conversation.Fill(new History(), new HistoryOk([Line(1), Line(2), Line(3)], More: false, Last: 3, Store: "store")));
        conversation.Take(3, Line(3));

        Assert.Equal([1L], Assert.Single(bridge.Events<HistoryLoaded>()).Items.Select(line => line.Seq));
        Assert.Equal([2L, 3L], bridge.Events<Said>().Select(line => line.Seq));
        Assert.Equal(4, page.Events.Count);
    }

    private static Said Line(long seq) => new(seq, $"key{seq}", "0000000000000002", "Bob", $"line {seq}", DateTimeOffset.UnixEpoch);
}
