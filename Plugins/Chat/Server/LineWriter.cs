using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>
/// The one who numbers, stores and tells: lines that wait are taken together into one transaction (one wait for the disk for all of
/// them), and go out when it has committed. One writer, so a room's lines go out in the order of their numbers.
/// </summary>
internal sealed class LineWriter(ChatStore store, ChatRooms rooms, ILogger log)
{
    private const int Waiting = 1024, Batch = 256;

    // Full: whoever speaks waits, and with it their channel. Each member has at most one line here.
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(Waiting) { SingleReader = true });

    private sealed record Pending(NewLine Line, TaskCompletionSource<Said> Done);

    /// <summary>Waits until the line is on disk and has been sent out.</summary>
    /// <exception cref="UserErrorException"><c>not-saved</c>: the hub's disk refuses; <c>key-used</c>: another person's line has that key.</exception>
    public async Task<Said> AddAsync(NewLine line, CancellationToken cancellationToken)
    {
        var pending = new Pending(line, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        return await pending.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs until the program stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Pending>(Batch);
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (batch.Count < Batch && _queue.Reader.TryRead(out Pending? next)) batch.Add(next);
            Write(batch);
            batch.Clear();
        }
    }

    private void Write(List<Pending> batch)
    {
        try
        {
            if (store.Broken) throw NotSaved();
            IReadOnlyList<Stored> stored = store.Append([.. batch.Select(p => p.Line)]);
            for (int i = 0; i < batch.Count; i++) Tell(batch[i], stored[i]);
        }
        catch (SqliteException e)
        {
            ChatLog.SaveFailed(log, e, batch.Count);
            if (store.Broken) ChatLog.StoreBroken(log);
            Refuse(batch, NotSaved());
        }
        catch (UserErrorException e)
        {
            Refuse(batch, e);
        }
        // Whatever else a line does to the store: the writer is everybody's and goes on.
        catch (Exception e)
        {
            ChatLog.SaveFailed(log, e, batch.Count);
            Refuse(batch, NotSaved());
        }
    }

    private void Tell(Pending pending, Stored stored)
    {
        if (stored.IsNew) rooms.Broadcast(pending.Line.Room, stored.Line);
        if (stored.Line.Name == pending.Line.From.Name) pending.Done.SetResult(stored.Line);
        else pending.Done.SetException(new UserErrorException("key-used", "Another line has this key already; choose a new one."));
    }

    private static void Refuse(List<Pending> batch, UserErrorException reason)
    {
        foreach (Pending pending in batch) pending.Done.TrySetException(reason);
    }

    private static UserErrorException NotSaved() =>
        new("not-saved", "The server could not save this line, so it was not sent; tell the person who runs the server.");
}
