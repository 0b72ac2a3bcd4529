using System.Text.Json;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>Keeps <see cref="JournalState"/> in one small file, always whole.</summary>
internal sealed class TransferJournal
{
    private const int MostOwn = 500;
    private static readonly FilesJson Json = new(new(MessageSet.WireOptions));

    private readonly string _path;
    private readonly Lock _lock = new();
    private JournalState _state;

    /// <param name="folder">The plugin's data folder.</param>
    /// <param name="log">Is told of a journal that cannot be read.</param>
    public TransferJournal(string folder, ILogger log)
    {
        _path = Path.Combine(folder, "transfers.json");
        _state = Read(log);
    }

    /// <summary>As it is on the disk.</summary>
    public JournalState State
    {
        get { lock (_lock) return _state; }
    }

    /// <summary>Adds an upload, or replaces what is known of it.</summary>
    public void Put(UploadEntry entry) => Change(state => state with { Uploads = [.. state.Uploads.Where(e => e.Upload != entry.Upload), entry] });

    /// <summary>Adds a download, or replaces what is known of it.</summary>
    public void Put(DownloadEntry entry) => Change(state => state with { Downloads = [.. state.Downloads.Where(e => e.File.Id != entry.File.Id), entry] });

    /// <summary>The upload is complete.</summary>
    public void Finish(UploadEntry entry, string id) => Change(state => state with
    {
        Uploads = [.. state.Uploads.Where(e => e.Upload != entry.Upload)],
        Own = [.. state.Own.Where(own => own.Id != id).TakeLast(MostOwn - 1), new OwnFile(id, entry.Token!)],
    });

    /// <summary>Forgets an upload.</summary>
    public void RemoveUpload(string upload) => Change(state => state with { Uploads = [.. state.Uploads.Where(e => e.Upload != upload)] });

    /// <summary>Forgets a download.</summary>
    public void RemoveDownload(string id) => Change(state => state with { Downloads = [.. state.Downloads.Where(e => e.File.Id != id)] });

    /// <summary>The token of a file this client has shared, or null.</summary>
    public string? TokenOf(string id) => State.Own.FirstOrDefault(own => own.Id == id)?.Token;

    private void Change(Func<JournalState, JournalState> change)
    {
        lock (_lock)
        {
            JournalState next = change(_state);
            DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(next, Json.JournalState));
            _state = next;
        }
    }

    private JournalState Read(ILogger log)
    {
        if (!File.Exists(_path)) return JournalState.Empty;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), Json.JournalState) ?? JournalState.Empty;
        }
        catch (JsonException e)
        {
            string aside = _path + ".unreadable";
            File.Move(_path, aside, overwrite: true);
            FilesLog.JournalUnreadable(log, aside, e);
            return JournalState.Empty;
        }
    }
}
