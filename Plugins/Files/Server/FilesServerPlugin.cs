using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>The hub's half: keeps files for a while and hands them out within their room.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class FilesServerPlugin(ILogger log, TimeProvider time, Lazy<ISessions> sessions) : IServerPlugin, IAsyncDisposable
{
    internal const string Service = "files";

    private FilesHub? _hub;

    /// <summary>Tests let the disk fail or hang.</summary>
    internal Action<SafeFileHandle> Flush { get; set; } = DurableFile.Flush;

    /// <summary>What all connections share; tests sweep by it.</summary>
    internal FilesHub Hub => _hub ?? throw new InvalidOperationException("The plugin has not been started.");

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        ILiveOptions<FilesOptions> options = context.Watch<FilesOptions>();
        var store = new FileStore(context.DataDirectory, () => options.Current, time, file => Flush(file));
        FilesHub hub = _hub = new FilesHub(() => options.Current, store, time, log) { Members = room => sessions.Value.Members(room) };
        context.MapStream(new StreamService(Service, options.Current.Port) { MaxFrame = FrameLimits.Block, Reading = StreamReading.Bulk }, async (channel, token) =>
        {
            await using var connection = new FilesConnection(hub, channel, token);
            await connection.RunAsync(token).ConfigureAwait(false);
        });
        context.Run("commit blocks", hub.Commits.RunAsync);
        context.Run("sweep the store", hub.SweepAsync);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _hub?.Dispose();
        return ValueTask.CompletedTask;
    }
}
