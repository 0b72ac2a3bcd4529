using LanCollab.Contracts;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Metrics;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>
/// Starts the plugins of a role one after the other, each within its time and its own try; stops them the other way round.
/// </summary>
internal sealed class PluginRunner<THalf>(PluginLoader loader, ILogger log, TimeProvider time) where THalf : class
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);
    private readonly List<(LoadedPlugin Plugin, THalf Half)> _running = [];

    /// <summary>All plugins, failed ones included.</summary>
    public IReadOnlyList<LoadedPlugin> Plugins { get; private set; } = [];

    /// <summary>All plugins as the operator sees them.</summary>
    public IReadOnlyList<PluginState> States =>
    [
        .. Plugins.Select(p => p.Failure is { } reason ? new PluginState(p.Name, PluginState.Failed, reason) : new PluginState(p.Name, PluginState.Running)),
        .. loader.Disabled.Select(name => new PluginState(name, PluginState.Disabled)),
    ];

    /// <param name="start">Starts one half.</param>
    /// <param name="rollback">Takes back what a plugin registered before it failed.</param>
    /// <param name="stopping">Ends the start of the remaining ones.</param>
    /// <param name="only">Which of them to start; null: all.</param>
    /// <exception cref="ConfigurationErrorException">A plugin's section cannot be used: that ends the program.</exception>
    public async Task StartAsync(Func<LoadedPlugin, THalf, CancellationToken, Task> start, Action<LoadedPlugin> rollback, CancellationToken stopping, Func<LoadedPlugin, bool>? only = null)
    {
        Plugins = loader.Load();
        foreach (LoadedPlugin plugin in Plugins.Where(p => p.Failure is null && only?.Invoke(p) is not false))
        {
            THalf? half = null;
            try
            {
                half = plugin.Export<THalf>();
                if (half is null) continue;
                await StartOneAsync(token => start(plugin, half, token), stopping).ConfigureAwait(false);
                _running.Add((plugin, half));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                throw;
            }
            // Everything else a plugin throws, its constructor included, is its own failure; the others go on.
            catch (Exception e) when (Configuration(e) is null)
            {
                rollback(plugin);
                loader.Fail(plugin, e);
                await EndAsync(plugin, half, StopTime).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw Configuration(e)!;
            }
        }
    }

    /// <summary>Ends them within what is left; one that hangs leaves less for those after it.</summary>
    public async Task StopAsync(Deadline deadline)
    {
        foreach ((LoadedPlugin plugin, THalf half) in Enumerable.Reverse(_running)) await EndAsync(plugin, half, deadline.Left(StopTime)).ConfigureAwait(false);
    }

    private async Task EndAsync(LoadedPlugin plugin, THalf? half, TimeSpan atMost)
    {
        try
        {
            // On the pool, since it may block; and here, since the container would not wait for the asynchronous end.
            await Task.Run(() => EndAsync(plugin, half)).WaitAsync(atMost, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            HostLog.PluginSlow(log, plugin.Name, "its end");
        }
        // A plugin that fails while it ends must not keep the others from ending well.
        catch (Exception e)
        {
            HostLog.PluginFault(log, plugin.Name, "its end", e.Message, e);
        }
    }

    private static async Task EndAsync(LoadedPlugin plugin, THalf? half)
    {
        if (half is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
        plugin.Dispose();
    }

    private async Task StartOneAsync(Func<CancellationToken, Task> start, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(StartTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            // On the pool and with a deadline: a plugin that hangs in its start does not hold up the rest.
            await Task.Run(() => start(either.Token), either.Token).WaitAsync(StartTime, time, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            throw new TimeoutException($"its start took longer than {StartTime.TotalSeconds:0} s");
        }
    }

    private static ConfigurationErrorException? Configuration(Exception? e) => e is null or ConfigurationErrorException ? e as ConfigurationErrorException : Configuration(e.InnerException);
}
