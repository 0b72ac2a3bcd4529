using LanCollab.Contracts;

namespace LanCollab.Host.Configuration;

/// <summary>Options that can be replaced while the program runs.</summary>
internal sealed class LiveOptions<T>(T options) : ILiveOptions<T> where T : class
{
    private volatile T _current = options;

    public event Action<T> Changed = delegate { };

    public T Current => _current;

    /// <summary>Replaces them and tells.</summary>
    public void Set(T options)
    {
        _current = options;
        Changed(options);
    }
}
