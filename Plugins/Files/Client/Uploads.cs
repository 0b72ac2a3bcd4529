using System.Collections.Concurrent;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>All open uploads of this client.</summary>
internal sealed class Uploads(ClientServices services, Func<string, CancellationToken, Task> discard) : IDisposable
{
    private readonly ConcurrentDictionary<string, Upload> _open = [];
    private readonly SemaphoreSlim _slots = new(services.Options.ParallelUploads);

    /// <summary>How the open ones stand.</summary>
    public IEnumerable<TransferProgress> Progress => _open.Values.Select(upload => upload.Progress.Latest).OfType<TransferProgress>();

    /// <summary>Goes on with what the journal holds.</summary>
    public void Restore()
    {
        foreach (UploadEntry entry in services.Journal.State.Uploads) Run(entry);
    }

    /// <summary>Begins an upload of a file or folder; returns before anything is sent.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">As others will see it.</param>
    /// <param name="spooled">True when the file is the daemon's own copy.</param>
    /// <param name="to">The seat of the one person it is for; null: everybody in the room.</param>
    /// <exception cref="UserErrorException"><c>bad-path</c>, <c>not-joined</c>, <c>too-many-files</c>.</exception>
    public UploadStarted Offer(string path, string name, bool spooled, string? to = null)
    {
        UploadEntry entry = Prepare(path, name, spooled, to);
        Run(entry);
        return new UploadStarted(entry.Upload, entry.Name, entry.Size);
    }

    /// <summary>As <see cref="Offer"/>; goes on with the same upload when it is open already, as one of a killed process is.</summary>
    public Upload Begin(string path, string? to)
    {
        UploadEntry entry = Prepare(path, Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), spooled: false, to);
        if (services.Journal.State.Uploads.FirstOrDefault(other => IsSame(other, entry)) is not { } earlier || Find(earlier.Upload) is not Upload open) return Run(entry);
        services.Journal.RemoveUpload(entry.Upload);
        return open;
    }

    private static bool IsSame(UploadEntry one, UploadEntry other) => one.Upload != other.Upload &&
        (one.Path, one.Size, one.Modified, one.Store, one.Room, one.To) == (other.Path, other.Size, other.Modified, other.Store, other.Room, other.To);

    private UploadEntry Prepare(string path, string name, bool spooled, string? to)
    {
        if (!Path.IsPathFullyQualified(path)) throw new UserErrorException("bad-path", $"\"{path}\" is not an absolute path.");
        HubPlace place = services.Gate.Require();
        using IContent content = SourceFile.Open(path);
        var entry = new UploadEntry(
            RandomId.Hex(16), path, SafeFileName.Of(name), content.Size, SourceFile.Modified(path, content), place.Store, place.Self.Room, Token: null, spooled, to);
        services.Journal.Put(entry);
        return entry;
    }

    /// <summary>An open one.</summary>
    public Transfer? Find(string id) => _open.GetValueOrDefault(id);

    /// <summary>Gives one up.</summary>
    /// <returns>False when there is none of that id.</returns>
    public async Task<bool> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(id, out Upload? upload)) return false;
        await upload.CancelAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    public void Dispose() => _slots.Dispose();

    private Upload Run(UploadEntry entry)
    {
        var upload = new Upload(services, entry, _slots, () => Math.Clamp(_open.Count, 1, services.Options.ParallelUploads))
        {
            Completed = (file, from) =>
            {
                if (services.Gate.Current?.Self.Room == entry.Room) services.Files.Add(file);
                services.Bridge.Publish(new UploadDone(entry.Upload, file.Id, file.Name, file.Size, file.Sha256, from));
            },
            Discard = discard,
        };
        _open[entry.Upload] = upload;
        services.Context.Run($"upload {entry.Name}", async token =>
        {
            try
            {
                await upload.RunAsync(token).ConfigureAwait(false);
            }
            finally
            {
                _open.TryRemove(entry.Upload, out _);
            }
        });
        return upload;
    }
}
