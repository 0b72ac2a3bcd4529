using LanCollab.Plugins.Chat.Server;

namespace LanCollab.Tests.Plugins.Chat;

public class LineWriterTests
{
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
}
