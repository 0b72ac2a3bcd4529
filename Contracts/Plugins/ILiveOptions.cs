namespace LanCollab.Contracts;

/// <summary>Options that follow the configuration while the program runs; see <see cref="IPluginContext.Watch{T}"/>.</summary>
public interface ILiveOptions<out T> where T : class
{
    /// <summary>As the configuration is now; another object after each change, never changed itself.</summary>
    T Current { get; }

    /// <summary>Raised after <see cref="Current"/> is another; handlers must be quick and not throw.</summary>
    event Action<T> Changed;
}

/// <summary>On a property of an options class: a change takes effect at once. Changes of other properties need a restart, and the log says so.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class LiveAttribute : Attribute;
