using System.Composition;
using System.Security.Cryptography;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// <c>receive [name…] [--into folder] [--follow]</c>: fetches what is shared in the room, or the files of these names; with <c>--follow</c> also what is shared from now on.
/// What was fetched into that folder before, or is there with the same content, is not fetched again. Called again after a kill it goes on.
/// </summary>
[Export(typeof(ICommand)), Shared]
[method: ImportingConstructor]
public sealed class ReceiveCommand(FilesClientPlugin files, TimeProvider time) : ICommand
{
    private readonly HashSet<string> _met = [];
    private ReceivedList? _received;

    /// <inheritdoc />
    public string Name => "receive";

    /// <inheritdoc />
    public string Usage => "receive [name…] [--into folder] [--follow]";

    /// <inheritdoc />
    public async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(call.Arguments, ["into"], ["follow"]);
        string folder = Path.GetFullPath(arguments.Value("into") ?? ".", call.Directory);
        _received = new ReceivedList(files.Services.Context.DataDirectory);
        await files.Services.Gate.WaitAnyAsync(cancellationToken).ConfigureAwait(false);
        var shown = new TransferPrinter(call, time, "received");
        bool all = true;
        while (true)
        {
            Task changed = files.Services.Files.Changed;
            foreach (SharedFile file in files.Services.Files.Items.Items.Where(file => IsWanted(file, arguments.Rest) && _met.Add(file.Id)))
                all &= await FetchAsync(file, folder, shown, cancellationToken).ConfigureAwait(false);
            if (!arguments.Has("follow")) break;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        string[] unknown = [.. arguments.Rest.Where(name => !files.Services.Files.Items.Items.Any(file => file.Name == name))];
        foreach (string name in unknown) await call.Error.WriteLineAsync($"Nothing named \"{name}\" is shared in this room.").ConfigureAwait(false);
        return all && unknown.Length == 0 ? 0 : 1;
    }

    private static bool IsWanted(SharedFile file, List<string> names) => names.Count == 0 || names.Contains(file.Name);

    private async Task<bool> FetchAsync(SharedFile file, string folder, TransferPrinter shown, CancellationToken cancellationToken)
    {
        if (_received!.Has(file.Id, folder) || await IsThereAsync(file, Path.Combine(folder, SafeFileName.Of(file.Name)), cancellationToken).ConfigureAwait(false))
        {
            shown.Have(file.Name);
            return true;
        }
        Download download = files.Downloads.Begin(new DownloadFile(file.Id, folder + Path.DirectorySeparatorChar));
        if (!await shown.WatchAsync(download, cancellationToken).ConfigureAwait(false)) return false;
        if (download.Place is { } place) _received.Add(file.Id, place);
        return true;
    }

    private static async Task<bool> IsThereAsync(SharedFile file, string path, CancellationToken cancellationToken)
    {
        var present = new FileInfo(path);
        if (file.Files is not null || !present.Exists || present.LinkTarget is not null || present.Length != file.Size) return false;
        await using FileStream content = present.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false)) == file.Sha256;
    }
}
