using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>All open downloads to this machine's disk; one for each file.</summary>
internal sealed class Downloads(ClientServices services)
{
    private readonly Dictionary<string, Download> _open = [];
    private readonly Lock _lock = new();

    /// <summary>How the open ones stand.</summary>
    public IReadOnlyList<TransferProgress> Progress
    {
        get { lock (_lock) return [.. _open.Values.Select(download => download.Progress.Latest).OfType<TransferProgress>()]; }
    }

    /// <summary>Goes on with what the journal holds.</summary>
    public void Restore()
    {
        foreach (DownloadEntry entry in services.Journal.State.Downloads) RestoreOne(entry);
    }

    /// <summary>Begins a download, or tells of the one that is open.</summary>
    /// <exception cref="UserErrorException"><c>not-joined</c>, <c>unknown-file</c>, <c>bad-path</c>.</exception>
    public DownloadStarted Start(DownloadFile request)
    {
        Download download = Begin(request);
        return new DownloadStarted(download.Id, download.Folder);
    }

    /// <summary>As <see cref="Start"/>.</summary>
    public Download Begin(DownloadFile request)
    {
        HubPlace place = services.Gate.Require();
        SharedFile file = services.Files.Require(request.Id);
        lock (_lock)
        {
            if (_open.TryGetValue(file.Id, out Download? open) && !open.IsOver) return open;
            (string folder, string name) = Target(request.Path, file.Name);
            var entry = new DownloadEntry(file, place.Store, place.Self.Room, folder, name, Part: null);
            var download = new Download(services, entry);
            services.Journal.Put(entry);
            Run(download);
            return download;
        }
    }

    /// <summary>An open one.</summary>
    public Transfer? Find(string id)
    {
        lock (_lock) return _open.GetValueOrDefault(id);
    }

    /// <summary>Gives one up.</summary>
    /// <returns>False when there is none of that id.</returns>
    public async Task<bool> CancelAsync(string id, CancellationToken cancellationToken)
    {
        Download? download;
        lock (_lock) _open.TryGetValue(id, out download);
        if (download is null) return false;
        await download.CancelAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private void RestoreOne(DownloadEntry entry)
    {
        try
        {
            lock (_lock) Run(new Download(services, entry));
        }
        catch (UserErrorException e)
        {
            // Its folder has gone, and cannot be made again.
            FilesLog.TransferFailed(services.Log, entry.Name, e.Message);
            services.Journal.RemoveDownload(entry.File.Id);
        }
    }

    private (string Folder, string Name) Target(string? path, string name)
    {
        if (string.IsNullOrEmpty(path)) return (DefaultFolder(), name);
        if (!Path.IsPathFullyQualified(path)) throw new UserErrorException("bad-path", $"\"{path}\" is not an absolute path.");
        bool folder = Path.EndsInDirectorySeparator(path) || Directory.Exists(path);
        return folder ? (path, name) : (Path.GetDirectoryName(path)!, Path.GetFileName(path));
    }

    private string DefaultFolder()
    {
        if (services.Options.DownloadDirectory.Length > 0) return services.Options.DownloadDirectory;
        string usual = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "Downloads");
        return Path.Combine(Directory.Exists(usual) ? usual : services.Context.DataDirectory, Directory.Exists(usual) ? "LanCollab" : "downloads");
    }

    private void Run(Download download)
    {
        _open[download.Id] = download;
        services.Context.Run($"download {download.Name}", async token =>
        {
            try
            {
                await download.RunAsync(token).ConfigureAwait(false);
            }
            finally
            {
                lock (_lock)
                {
                    if (ReferenceEquals(_open.GetValueOrDefault(download.Id), download)) _open.Remove(download.Id);
                }
            }
        });
    }
}
