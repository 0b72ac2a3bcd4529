using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The room's list as the hub last told it, for the page.</summary>
internal sealed class SharedFiles(IBridge bridge, TransferJournal journal, HubGate gate)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedFile> _files = [];
    private string _store = "";
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For the page: each file says whether it is this client's own.</summary>
    public FileItems Items
    {
        get { lock (_lock) return new FileItems(_store, [.. _files.Values.OrderBy(file => file.At).Select(Marked)]); }
    }

    /// <summary>Ends with the next file that comes to the list.</summary>
    public Task Changed { get { lock (_lock) return _changed.Task; } }

    /// <summary>A file of the room.</summary>
    /// <exception cref="UserErrorException"><c>unknown-file</c>.</exception>
    public SharedFile Require(string id)
    {
        lock (_lock)
        {
            return _files.GetValueOrDefault(id)
                ?? throw new UserErrorException("unknown-file", "This file is not shared in this room any more.");
        }
    }

    /// <summary>The hub has told the whole list, and with it that this client is there.</summary>
    public void Replace(FileItems items, Peer self)
    {
        lock (_lock)
        {
            _store = items.Store;
            _files.Clear();
            foreach (SharedFile file in items.Items) _files[file.Id] = file;
            Signal();
        }
        // Only now: who has waited for the hub looks at the list at once.
        gate.Set(new HubPlace(items.Store, self));
        bridge.Publish(Items);
    }

    /// <summary>A new one.</summary>
    public void Add(SharedFile file)
    {
        lock (_lock)
        {
            // Also told when the upload's own reply came first.
            if (!_files.TryAdd(file.Id, file)) return;
            Signal();
        }
        bridge.Publish(Marked(file));
    }

    /// <summary>One less.</summary>
    public void Remove(FileWithdrawn gone)
    {
        lock (_lock) _files.Remove(gone.Id);
        bridge.Publish(gone);
    }

    private void Signal()
    {
        _changed.SetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private SharedFile Marked(SharedFile file) =>
        file with { Own = file.From == gate.Current?.Self.Id || journal.TokenOf(file.Id) is not null ? true : null };
}
