using System.Composition;
using System.Composition.Hosting;
using System.Reflection;
using LanCollab.Contracts;

namespace LanCollab.Host.Composition;

/// <summary>
/// Hands on what one plugin exports for the others. It is asked lazily, so that the order of loading does not matter; none or two
/// exporters are reported by name.
/// </summary>
internal sealed class ContractBroker
{
    private static readonly Type[] Halves = [typeof(IServerPlugin), typeof(IClientPlugin), typeof(IDemoPlugin), typeof(ICommand)];
    private readonly List<(Type Contract, string Plugin, CompositionHost Container)> _exports = [];

    /// <summary>The contracts, beyond the plugin halves, that an assembly exports.</summary>
    public static IReadOnlyList<Type> ContractsExportedBy(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<ExportAttribute>())
            .Select(export => export.ContractType)
            .OfType<Type>()
            .Where(IsBrokered)
            .Distinct(),
    ];

    public static bool IsBrokered(Type contract) =>
        contract.IsInterface && contract.Assembly == typeof(IServerPlugin).Assembly && !Halves.Contains(contract);

    public void Add(Type contract, string plugin, CompositionHost container)
    {
        lock (_exports) _exports.Add((contract, plugin, container));
    }

    /// <summary>A plugin that failed exports nothing any more.</summary>
    public void Remove(string plugin)
    {
        lock (_exports) _exports.RemoveAll(e => e.Plugin == plugin);
    }

    /// <exception cref="InvalidOperationException">No plugin exports it, or more than one does.</exception>
    public object Resolve(Type contract)
    {
        List<(Type Contract, string Plugin, CompositionHost Container)> found;
        lock (_exports) found = _exports.FindAll(e => e.Contract == contract);
        return found switch
        {
            [var one] => one.Container.GetExport(contract),
            [] => throw new InvalidOperationException($"No plugin exports {contract.Name}."),
            _ => throw new InvalidOperationException($"{contract.Name} is exported by more than one plugin: {string.Join(", ", found.Select(e => e.Plugin))}."),
        };
    }
}
