using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>The hub's half: keeps files for a while and hands them out within their room.</summary>
[Export(typeof(IServerPlugin)), Shared]
[method: ImportingConstructor]
public sealed class FilesServerPlugin(ILogger log, TimeProvider time) : IServerPlugin, IAsyncDisposable
{
    internal const string Service = "files";

    private FilesHub? _hub;

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<FilesOptions>();
        FilesHub hub = _hub = new FilesHub(options, new FileStore(context.DataDirectory, options, time), time, log);
        context.MapStream(new StreamService(Service, options.Port) { MaxFrame = FrameLimits.Block }, async (channel, token) =>
        {
            await using var connection = new FilesConnection(hub, channel, token);
            await connection.RunAsync(token).ConfigureAwait(false);
        });
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
