using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>
/// The one who numbers, stores and tells: posts that wait are taken together into one transaction (one wait for the disk for all of
/// them), and go out when it has committed. One writer, so a room's lines go out in the order of their numbers. When most of a room has
/// much to read yet, nothing is taken until it has read some: who speaks waits.
/// </summary>
internal sealed class LineWriter(ChatStore store, ChatRooms rooms, ILogger log, TimeProvider time)
{
    private const int Waiting = 1024, Batch = 512;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    // Full: whoever speaks waits, and with it their channel. Each channel has a few posts here at most.
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    private sealed record Pending(Post Post, TaskCompletionSource<long> Done);

    /// <summary>Waits until it is on disk and has been sent out; gives its number. Calls from one thread keep their order.</summary>
    /// <param name="post">What to store.</param>
    /// <param name="cancellationToken">For the wait before it is among those that are stored next; then its end is waited for.</param>
    /// <exception cref="UserErrorException">It was refused, or the hub's disk refuses.</exception>
    /// <exception cref="OperationCanceledException">The writer has stopped.</exception>
    public async Task<long> AddAsync(Post post, CancellationToken cancellationToken)
    {
        // What follows, an acknowledgement, is done by the writer's thread: a batch of them in a row, and not each in an item of the pool's.
        var pending = new Pending(post, new());
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw Stopped();
        }
        return await pending.Done.Task.ConfigureAwait(false);
    }

    private static OperationCanceledException Stopped() => new("The chat's writer has stopped.");

    /// <summary>Runs until the program stops; what waits then is not stored, and ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _queue.Writer.Complete();
            while (_queue.Reader.TryRead(out Pending? left)) left.Done.TrySetException(Stopped());
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Pending>(Batch);
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (batch.Count < Batch && _queue.Reader.TryRead(out Pending? next)) batch.Add(next);
            Write(batch);
            await LetReadAsync(batch[^1].Post.Room, cancellationToken).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async ValueTask LetReadAsync(string room, CancellationToken cancellationToken)
    {
        while (rooms.IsBehind(room)) await Task.Delay(Breath, time, cancellationToken).ConfigureAwait(false);
    }

    private void Write(List<Pending> batch)
    {
        try
        {
            if (store.Broken) throw StoreErrors.NotSaved();
            IReadOnlyList<Stored> stored = store.Append([.. batch.Select(p => p.Post)]);
            Tell(batch, stored);
            for (int i = 0; i < batch.Count; i++) Answer(batch[i], stored[i]);
        }
        catch (SqliteException e)
        {
            ChatLog.SaveFailed(log, e, batch.Count);
            if (store.Broken) ChatLog.StoreBroken(log);
            Refuse(batch, StoreErrors.Refusal(e));
        }
        catch (UserErrorException e)
        {
            Refuse(batch, e);
        }
        // Whatever else a line does to the store: the writer is everybody's and goes on.
        catch (Exception e)
        {
            ChatLog.SaveFailed(log, e, batch.Count);
            Refuse(batch, StoreErrors.NotSaved());
        }
    }

    /// <summary>Runs of posts for one room go out together.</summary>
    private void Tell(List<Pending> batch, IReadOnlyList<Stored> stored)
    {
        var news = new List<News>(batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            if (stored[i].News is { } what) news.Add(new News(what, stored[i].Between));
            if (news.Count == 0 || (i + 1 < batch.Count && batch[i + 1].Post.Room == batch[i].Post.Room)) continue;
            rooms.Broadcast(batch[i].Post.Room, news);
            news.Clear();
        }
    }

    private static void Answer(Pending pending, Stored stored)
    {
        if (stored.Refused is null) pending.Done.SetResult(stored.Seq);
        else pending.Done.SetException(stored.Refused);
    }

    private static void Refuse(List<Pending> batch, UserErrorException reason)
    {
        foreach (Pending pending in batch) pending.Done.TrySetException(reason);
    }
}
