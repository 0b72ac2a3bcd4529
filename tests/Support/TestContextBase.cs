using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace LanCollab.Tests.Support;

/// <summary>What both doubles of a plugin's context share.</summary>
public abstract class TestContextBase : IPluginContext, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private readonly IReadOnlyDictionary<string, string?> _settings;

    private protected TestContextBase(InMemoryHub hub, string name, IReadOnlyDictionary<string, string?>? settings)
    {
        Hub = hub;
        Name = name;
        _settings = settings ?? new Dictionary<string, string?>();
        DataDirectory = hub.Folder.Folder(name);
        Meter = new System.Diagnostics.Metrics.Meter(name);
    }

    /// <summary>The hub it belongs to.</summary>
    public InMemoryHub Hub { get; }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <inheritdoc />
    public string DataDirectory { get; }

    /// <inheritdoc />
    public CancellationToken Stopping => _stopping.Token;

    /// <inheritdoc />
    public T Options<T>() where T : class, new()
    {
        var options = new T();
        try
        {
            new ConfigurationBuilder().AddInMemoryCollection(_settings).Build().Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        }
        catch (Exception e) when (e is InvalidOperationException or ValidationException)
        {
            throw new ConfigurationErrorException(e.Message);
        }
        return options;
    }

    /// <inheritdoc />
    public ILiveOptions<T> Watch<T>() where T : class, new() => new TestLiveOptions<T>(Options<T>());

    /// <inheritdoc />
    public System.Diagnostics.Metrics.Meter Meter { get; }

    /// <inheritdoc />
    public void Run(string name, Func<CancellationToken, Task> work) => Track(name, () => work(Stopping));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await StopAsync();
        Task[] running;
        lock (_running) running = [.. _running];
        await Task.WhenAll(running).WaitAsync(Recorded<Task>.Patience);
        Meter.Dispose();
    }

    private protected abstract Task StopAsync();

    /// <summary>Runs plugin code as the shell does: what it throws is its fault and goes no further.</summary>
    private protected void Track(string name, Func<Task> work)
    {
        Task task = Task.Run(async () =>
        {
            try { await work(); }
            catch (OperationCanceledException) { }
            catch (IOException) { }
            catch (Exception e) { Hub.Fault($"{Name}: {name}", e); }
        }, CancellationToken.None);
        lock (_running) _running.Add(task);
    }
}
