using System.Reflection;
using System.Runtime.Loader;

namespace LanCollab.Host.Composition;

/// <summary>
/// A plugin's own load context: its libraries come from its folder, managed and native; only the contracts and what they are made of are
/// shared, so that types agree on both sides.
/// </summary>
internal sealed class PluginLoadContext(string assemblyPath) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assemblyPath))
{
    private readonly AssemblyDependencyResolver _resolver = new(assemblyPath);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsShared(assemblyName.Name) || _resolver.ResolveAssemblyToPath(assemblyName) is not { } path ? null : LoadFromAssemblyPath(path);

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static bool IsShared(string? name) => name is not null
        && (name == typeof(LanCollab.Contracts.Frame).Assembly.GetName().Name
            || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            || name.StartsWith("System.Composition.", StringComparison.Ordinal));
}
