using System.Composition;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary><c>send &lt;path&gt;… [--to name]</c>: shares files and folders of this machine with the room or with one person. Called again after a kill it goes on.</summary>
[Export(typeof(ICommand)), Shared]
[method: ImportingConstructor]
public sealed class SendCommand(FilesClientPlugin files, TimeProvider time) : ICommand
{
    /// <inheritdoc />
    public string Name => "send";

    /// <inheritdoc />
    public string Usage => "send <path>… [--to name]";

    /// <inheritdoc />
    public async Task<int> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var arguments = new CommandArguments(call.Arguments, ["to"], []);
        if (arguments.Rest.Count == 0) throw CommandArguments.Bad("There is nothing to send.");
        string[] paths = [.. arguments.Rest.Select(path => Path.GetFullPath(path, call.Directory))];
        // Before anything is sent: a mistyped name should not leave half of the files on the server.
        if (Array.Find(paths, path => !Path.Exists(path)) is { } missing) throw CommandArguments.Bad($"\"{missing}\" is not there.");
        await files.Services.Gate.WaitAnyAsync(cancellationToken).ConfigureAwait(false);
        var shown = new TransferPrinter(call, time, "sent");
        bool all = true;
        foreach (string path in paths) all &= await shown.WatchAsync(files.Uploads.Begin(path, arguments.Value("to")), cancellationToken).ConfigureAwait(false);
        return all ? 0 : 1;
    }
}
