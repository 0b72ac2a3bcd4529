using System.Composition.Hosting.Core;

namespace LanCollab.Host.Composition;

/// <summary>
/// Brings the shell's objects, and through the <see cref="ContractBroker"/> those of other plugins, into a plugin's container.
/// </summary>
/// <param name="services">The shell's own: logger, clock, and the services of this role.</param>
/// <param name="broker">For contracts that another plugin exports.</param>
/// <param name="ownExports">Contracts that the plugin itself exports; offering them again would make two of them.</param>
internal sealed class ShellExports(IReadOnlyDictionary<Type, object> services, ContractBroker broker, IReadOnlyList<Type> ownExports) : ExportDescriptorProvider
{
    public override IEnumerable<ExportDescriptorPromise> GetExportDescriptors(CompositionContract contract, DependencyAccessor descriptorAccessor)
    {
        if (contract.ContractName is not null || contract.MetadataConstraints is not null) return NoExportDescriptors;
        if (services.TryGetValue(contract.ContractType, out object? service)) return [Promise(contract, () => service)];
        bool elsewhere = ContractBroker.IsBrokered(contract.ContractType) && !ownExports.Contains(contract.ContractType);
        return elsewhere ? [Promise(contract, () => broker.Resolve(contract.ContractType))] : NoExportDescriptors;
    }

    private static ExportDescriptorPromise Promise(CompositionContract contract, Func<object> get) =>
        new(contract, "shell", isShared: true, NoDependencies, _ => ExportDescriptor.Create((_, _) => get(), NoMetadata));
}
