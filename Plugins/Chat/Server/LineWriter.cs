using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>
/// The one who numbers, stores and tells: posts that wait are taken together into one transaction (one wait for the disk for all of
/// them), and go out when it has committed. One writer at a time, so a room's lines go out in the order of their numbers. When most of a room has
/// much to read yet, nothing is taken until it has read some: who speaks waits.
/// </summary>
/// <remarks>A post that finds nothing waiting, nobody writing and a moment of calm is written by the thread that brings it: a hand-over to another one takes as long as the commit itself.</remarks>
internal sealed class LineWriter(ChatStore store, ChatRooms rooms, ILogger log, TimeProvider time)
{
    private const int Waiting = 1024, Batch = 512;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    /// <summary>Posts that follow each other sooner go into one transaction; each on the thread that brings it, they would come one by one.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(2);

    // Full: whoever speaks waits, and with it their channel. Each channel has a few posts here at most.
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    /// <summary>Held by whoever writes, from before it takes posts until they are told.</summary>
    private readonly Lock _turn = new();

    private bool _running, _behind;
    private long _last;

    private sealed record Pending(Post Post, TaskCompletionSource<long> Done);

    /// <summary>Waits until it is on disk and has been sent out; gives its number. Calls from one thread keep their order.</summary>
    /// <param name="post">What to store.</param>
    /// <param name="cancellationToken">For the wait before it is among those that are stored next; then its end is waited for.</param>
    /// <exception cref="UserErrorException">It was refused, or the hub's disk refuses.</exception>
    /// <exception cref="OperationCanceledException">The writer has stopped.</exception>
    public async Task<long> AddAsync(Post post, CancellationToken cancellationToken)
    {
        if (TryWrite(post) is { } stored) return stored.Refused is null ? stored.Seq : throw stored.Refused;
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

    /// <summary>Null: it must wait for its turn.</summary>
    private Stored? TryWrite(Post post)
    {
        if (!_turn.TryEnter()) return null;
        try
        {
            return _running && !_behind && _queue.Reader.Count == 0 && time.GetElapsedTime(_last) > Calm ? Write([post])[0] : null;
        }
        finally
        {
            _turn.Exit();
        }
    }

    private static OperationCanceledException Stopped() => new("The chat's writer has stopped.");

    /// <summary>Runs until the program stops; what waits then is not stored, and ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        lock (_turn) _running = true;
        try
        {
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_turn) _running = false;
            _queue.Writer.Complete();
            while (_queue.Reader.TryRead(out Pending? left)) left.Done.TrySetException(Stopped());
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            await LetReadAsync(WriteWaiting(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the last one's room.</summary>
    private string WriteWaiting()
    {
        var batch = new List<Pending>();
        lock (_turn)
        {
            // Not before it is this one's turn: what was taken and not yet written could be overtaken.
            while (batch.Count < Batch && _queue.Reader.TryRead(out Pending? next)) batch.Add(next);
            IReadOnlyList<Stored> stored = Write([.. batch.Select(p => p.Post)]);
            for (int i = 0; i < batch.Count; i++) Answer(batch[i], stored[i]);
        }
        return batch[^1].Post.Room;
    }

    private async ValueTask LetReadAsync(string room, CancellationToken cancellationToken)
    {
        while (_behind)
        {
            await Task.Delay(Breath, time, cancellationToken).ConfigureAwait(false);
            lock (_turn) _behind = rooms.IsBehind(room);
        }
    }

    /// <summary>What became of each. In turn only.</summary>
    private IReadOnlyList<Stored> Write(Post[] posts)
    {
        try
        {
            if (store.Broken) throw StoreErrors.NotSaved();
            IReadOnlyList<Stored> stored = store.Append(posts);
            Tell(posts, stored);
            (_behind, _last) = (rooms.IsBehind(posts[^1].Room), time.GetTimestamp());
            return stored;
        }
        catch (SqliteException e)
        {
            ChatLog.SaveFailed(log, e, posts.Length);
            if (store.Broken) ChatLog.StoreBroken(log);
            return Refused(posts, StoreErrors.Refusal(e));
        }
        catch (UserErrorException e)
        {
            return Refused(posts, e);
        }
        // Whatever else a line does to the store: the writer is everybody's and goes on.
        catch (Exception e)
        {
            ChatLog.SaveFailed(log, e, posts.Length);
            return Refused(posts, StoreErrors.NotSaved());
        }
    }

    /// <summary>Runs of posts for one room go out together.</summary>
    private void Tell(Post[] posts, IReadOnlyList<Stored> stored)
    {
        var news = new List<News>(posts.Length);
        for (int i = 0; i < posts.Length; i++)
        {
            if (stored[i].News is { } what) news.Add(new News(what, stored[i].Between));
            if (news.Count == 0 || (i + 1 < posts.Length && posts[i + 1].Room == posts[i].Room)) continue;
            rooms.Broadcast(posts[i].Room, news);
            news.Clear();
        }
    }

    private static void Answer(Pending pending, Stored stored)
    {
        if (stored.Refused is null) pending.Done.SetResult(stored.Seq);
        else pending.Done.SetException(stored.Refused);
    }

    private static Stored[] Refused(Post[] posts, UserErrorException reason) => [.. posts.Select(_ => new Stored(0, Refused: reason))];
}
