using System.Reflection;
using LanCollab.Contracts;

namespace LanCollab.Host.Configuration;

/// <summary>Options that can be replaced while the program runs.</summary>
/// <param name="options">Those of the start.</param>
/// <param name="fault">Told when a handler of <see cref="Changed"/> throws.</param>
internal sealed class LiveOptions<T>(T options, Action<Exception>? fault = null) : ILiveOptions<T> where T : class
{
    private volatile T _current = options;

    public event Action<T> Changed = delegate { };

    public T Current => _current;

    /// <summary>Takes over what is live and keeps the rest.</summary>
    /// <param name="fresh">Becomes <see cref="Current"/>, with the old values in it of what is not live.</param>
    public void Take(T fresh)
    {
        bool changed = false;
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(p => p.CanWrite))
        {
            if (LiveSettings.IsLive(property)) changed |= !IsSame(property.GetValue(_current), property.GetValue(fresh));
            else property.SetValue(fresh, property.GetValue(_current));
        }
        if (changed) Set(fresh);
    }

    private static bool IsSame(object? one, object? other) => one is string[] list && other is string[] others ? list.SequenceEqual(others) : Equals(one, other);

    /// <summary>Replaces them and tells.</summary>
    public void Set(T options)
    {
        _current = options;
        foreach (Action<T> handler in Changed.GetInvocationList().Cast<Action<T>>())
        {
            try
            {
                handler(options);
            }
            // The others hear of the change all the same.
            catch (Exception e) when (fault is not null)
            {
                fault(e);
            }
        }
    }
}
