using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>
/// The standing channels of all rooms. List and changes are posted under one lock, so that every watcher sees a list and then exactly
/// what came after it. A watcher whose queue is full is closed: it comes back and asks for the list.
/// </summary>
internal sealed class RoomWatchers(ILogger log)
{
    private readonly HashSet<MessageChannel> _watchers = [];
    private readonly Lock _lock = new();

    /// <summary>From now on the channel gets its room's changes.</summary>
    /// <param name="channel">A standing channel.</param>
    /// <param name="list">Reads the list.</param>
    public void Add(MessageChannel channel, Func<FileItems> list)
    {
        lock (_lock)
        {
            _watchers.Add(channel);
            Post(channel, list());
        }
    }

    /// <summary>The channel has gone.</summary>
    public void Remove(MessageChannel channel)
    {
        lock (_lock) _watchers.Remove(channel);
    }

    /// <summary>Tells a change to those who may know of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="change">Gives the event.</param>
    public void Change(FileRow file, Func<object> change)
    {
        lock (_lock)
        {
            object message = change();
            foreach (MessageChannel watcher in _watchers.Where(w => file.IsFor(w.Peer))) Post(watcher, message);
        }
    }

    private void Post(MessageChannel watcher, object message)
    {
        if (watcher.TryPost(message)) return;
        FilesLog.WatcherTooSlow(log, watcher.Peer.Name);
        watcher.Channel.Close("The list of files was not read in time; ask for it again.");
    }
}
