using System.Net;
using LanCollab.Contracts;
using LanCollab.Plugins.Chat;
using LanCollab.Plugins.Chat.Server;

namespace LanCollab.Tests.Plugins.Chat;

public class LineWriterTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);

    [Fact]
    public async Task What_waits_when_the_writer_stops_is_not_stored_and_nobody_waits_for_it_for_ever()
    {
        using var rig = new StoreRig();
        var writer = new LineWriter(rig.Store, new ChatRooms(rig.Log), rig.Log, rig.Time);
        Task<long> waiting = writer.AddAsync(rig.Line(), default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.RunAsync(new CancellationToken(canceled: true)));
        await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAsync<OperationCanceledException>(() => writer.AddAsync(rig.Line(), default));
        Assert.Empty(rig.Page("Ada").Items);
    }

    [Fact]
    public async Task A_line_that_comes_alone_is_stored_and_told_by_the_thread_that_brings_it()
    {
        using var rig = new StoreRig();
        await using var room = new Listener();
        await WhileWritingAsync(rig, room, async writer =>
        {
            for (int line = 1; line <= 3; line++)
            {
                Task<long> adding = writer.AddAsync(rig.Line(), default);
                Assert.True(adding.IsCompletedSuccessfully);
                Assert.Equal(line, await adding);
                Assert.Equal(line, room.Told.Count);
                rig.Time.Advance(Pause);
            }
        });
        Assert.Equal(3, rig.Page("Ada").Items.Count);
    }

    [Fact]
    public async Task Refusals_are_told_to_who_brings_the_line()
    {
        using var rig = new StoreRig();
        await using var room = new Listener();
        await WhileWritingAsync(rig, room, async writer =>
        {
            NewLine late = rig.Line() with { Chain = new Chain(), After = "never sent" };
            Assert.Equal("out-of-order", (await Assert.ThrowsAsync<UserErrorException>(() => writer.AddAsync(late, default))).Code);
        });
        Assert.Empty(room.Told);
    }

    [Fact]
    public async Task Lines_of_many_threads_in_turn_and_alone_are_told_in_the_order_of_their_numbers()
    {
        const int people = 8, each = 200;
        using var rig = new StoreRig();
        await using var room = new Listener();
        await WhileWritingAsync(rig, room, writer => Task.WhenAll(Enumerable.Range(0, people).Select(person => Task.Run(async () =>
        {
            long last = 0;
            for (int line = 0; line < each; line++)
            {
                // Some find it calm and write for themselves, the others wait for their turn.
                rig.Time.Advance(Pause / 2);
                long seq = await writer.AddAsync(rig.Line($"{person}-{line}"), default);
                Assert.True(seq > last, $"{seq} came after {last}.");
                last = seq;
            }
        }))));
        Assert.Equal(Enumerable.Range(1, people * each).Select(n => (long)n), room.Told);
    }

    private static async Task WhileWritingAsync(StoreRig rig, Listener listener, Func<LineWriter, Task> work)
    {
        var rooms = new ChatRooms(rig.Log);
        rooms.Add(StoreRig.Room, listener);
        var writer = new LineWriter(rig.Store, rooms, rig.Log, rig.Time);
        using var stop = new CancellationTokenSource();
        Task running = writer.RunAsync(stop.Token);
        await work(writer);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>Keeps the numbers of the lines that are told, in their order.</summary>
    private sealed class Listener : IChannel
    {
        public List<long> Told { get; } = [];

        public Peer? Peer => null;

        public bool AtHub => true;

        public IPEndPoint Remote { get; } = new(IPAddress.Loopback, 1);

        public CancellationToken Closed => default;

        public long Queued => 0;

        public bool TryPost(Frame frame)
        {
            Envelope envelope = Envelope.Read(frame.Payload);
            object news = ChatWire.Messages.Decode(envelope.Type == "chat/said" ? typeof(Said) : typeof(Lines), envelope.Body.Span);
            Told.AddRange(news is Lines several ? LinePack.Unpack(several).Select(line => line.Seq) : [((Said)news).Seq]);
            return true;
        }

        public ValueTask<Frame?> ReceiveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask SendAsync(Frame frame, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Close(string reason) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
