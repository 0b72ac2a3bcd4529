using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LanCollab.Contracts;
using LanCollab.Host.Composition;
using LanCollab.Host.Configuration;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Roles;

/// <summary>What both kinds of context have in common.</summary>
internal abstract class PluginContext(LoadedPlugin plugin, string dataRoot, Settings settings, ILogger log, CancellationToken stopping) : IPluginContext
{
    /// <summary>Keys of a plugin's section that the shell itself reads.</summary>
    private static readonly string[] ShellKeys = ["Enabled"];

    private readonly ConcurrentDictionary<Task, string> _work = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public string DataDirectory { get; } = DataFolder.Create(Path.Combine(dataRoot, plugin.Name));

    public CancellationToken Stopping => _end.Token;

    public LoadedPlugin Plugin => plugin;

    protected string PluginName => plugin.Name;

    protected string Section => $"Plugins:{char.ToUpperInvariant(plugin.Name[0])}{plugin.Name[1..]}";

    protected Settings Settings => settings;

    public T Options<T>() where T : class, new() => OptionsBinder.Bind<T>(settings, Section, ShellKeys);

    public ILiveOptions<T> Watch<T>() where T : class, new() => new LiveOptions<T>(Options<T>());

    public Meter Meter { get; } = new($"LanCollab.{plugin.Name}");

    public void Run(string name, Func<CancellationToken, Task> work)
    {
        Task task = Task.Run(() => GuardAsync(name, work), CancellationToken.None);
        _work[task] = name;
        _ = task.ContinueWith(done => _work.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Background work that has not ended yet, with its name.</summary>
    public IReadOnlyDictionary<Task, string> Work => _work;

    /// <summary>Takes back what a plugin registered before its start failed, and ends its background work.</summary>
    public virtual void Withdraw() => _ = _end.CancelAsync();

    protected void Fault(string work, Exception cause) => HostLog.PluginFault(log, plugin.Name, work, cause.Message, cause);

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
