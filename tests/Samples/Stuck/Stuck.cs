using System.Composition;
using LanCollab.Contracts;

[assembly: Plugin("stuck")]

namespace LanCollab.Plugins.Stuck;

/// <summary>Holds the process with a thread of its own, and whoever ends it.</summary>
[Export(typeof(IServerPlugin)), Shared]
public sealed class StuckServer : IServerPlugin, IAsyncDisposable
{
    private static readonly ManualResetEvent Never = new(false);

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        new Thread(() => Never.WaitOne()) { IsBackground = false }.Start();
        context.Run("work without an end", _ => Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Never.WaitOne();
        return ValueTask.CompletedTask;
    }
}
