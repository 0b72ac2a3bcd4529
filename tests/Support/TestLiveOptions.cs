namespace LanCollab.Tests.Support;

/// <summary>Options that a test changes while the plugin runs.</summary>
public sealed class TestLiveOptions<T>(T options) : ILiveOptions<T> where T : class
{
    /// <inheritdoc />
    public event Action<T> Changed = delegate { };

    /// <inheritdoc />
    public T Current { get; private set; } = options;

    /// <summary>What an edited configuration file does.</summary>
    public void Set(T options)
    {
        Current = options;
        Changed(options);
    }
}
