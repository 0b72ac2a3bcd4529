using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LanCollab.Contracts;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using LanCollab.Host.Metrics;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>What the contexts of all plugins share.</summary>
/// <param name="DataRoot">The folder of all plugins' folders.</param>
/// <param name="Settings">As they were at the start.</param>
/// <param name="Live">Follows them.</param>
/// <param name="Metrics">Where plugins' meters are made.</param>
/// <param name="Log">The shell's.</param>
/// <param name="Stopping">Ends when the program stops.</param>
internal sealed record ContextShared(string DataRoot, Settings Settings, LiveSettings Live, MetricSet Metrics, ILogger Log, CancellationToken Stopping);

/// <summary>What both kinds of context have in common.</summary>
internal abstract class PluginContext(LoadedPlugin plugin, ContextShared shared) : IPluginContext
{
    /// <summary>Keys of a plugin's section that the shell itself reads.</summary>
    private static readonly string[] ShellKeys = ["Enabled"];

    private readonly ConcurrentDictionary<Task, string> _work = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(shared.Stopping);

    public string DataDirectory { get; } = DataFolder.Create(Path.Combine(shared.DataRoot, plugin.Name));

    public CancellationToken Stopping => _end.Token;

    public LoadedPlugin Plugin => plugin;

    protected string PluginName => plugin.Name;

    protected string Section => $"Plugins:{char.ToUpperInvariant(plugin.Name[0])}{plugin.Name[1..]}";

    protected ContextShared Shared => shared;

    public T Options<T>() where T : class, new() => shared.Live.Bind<T>(Section, ShellKeys);

    public ILiveOptions<T> Watch<T>() where T : class, new() => shared.Live.Watch<T>(e => Fault("a change of its options", e), Section, ShellKeys);

    public Meter Meter { get; } = shared.Metrics.Create(plugin.Name);

    public void Run(string name, Func<CancellationToken, Task> work)
    {
        Task task = Task.Run(() => GuardAsync(name, work), CancellationToken.None);
        _work[task] = name;
        _ = task.ContinueWith(done => _work.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Background work that has not ended yet, with its name.</summary>
    public IReadOnlyDictionary<Task, string> Work => _work;

    /// <summary>Takes back what a plugin registered before its start failed, and ends its background work.</summary>
    public virtual void Withdraw()
    {
        shared.Metrics.Remove(Meter);
        _ = _end.CancelAsync();
    }

    protected void Fault(string work, Exception cause) => HostLog.PluginFault(shared.Log, plugin.Name, work, cause.Message, cause);

    private async Task GuardAsync(string name, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        catch (Exception e)
        {
            Fault(name, e);
        }
    }
}
