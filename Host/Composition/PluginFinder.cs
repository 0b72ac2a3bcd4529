using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using LanCollab.Contracts;

namespace LanCollab.Host.Composition;

/// <summary>A place in the plugins folder: a sub-folder or a lone DLL.</summary>
/// <param name="Place">The folder's or the file's name, for messages.</param>
/// <param name="AssemblyPath">The plugin assembly, or null with a <paramref name="Problem"/>.</param>
/// <param name="Problem">One sentence.</param>
internal sealed record PluginCandidate(string Place, string? AssemblyPath, string? Problem);

/// <summary>
/// Looks for assemblies that carry <see cref="PluginAttribute"/>. It reads metadata only: nothing of a plugin runs before the
/// shell has a load context and a try around it.
/// </summary>
internal static class PluginFinder
{
    public static IReadOnlyList<PluginCandidate> Find(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*.dll").Order(StringComparer.Ordinal).Select(FromFile),
        .. Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal).Select(FromFolder),
    ];

    private static PluginCandidate FromFile(string path)
    {
        try
        {
            return CarriesAttribute(path) ? new(Path.GetFileName(path), path, null) : new(Path.GetFileName(path), null, "it holds no plugin");
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return new(Path.GetFileName(path), null, $"it cannot be read as an assembly: {e.Message}");
        }
    }

    private static PluginCandidate FromFolder(string folder)
    {
        string place = Path.GetFileName(folder);
        List<PluginCandidate> files = [.. Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal).Select(FromFile)];
        List<string> plugins = [.. files.Select(f => f.AssemblyPath).OfType<string>()];
        return plugins switch
        {
            [var one] => new(place, one, null),
            [] => new(place, null, files.Count == 0 ? "it holds no DLL" : "none of its DLLs is a plugin"),
            _ => new(place, null, $"it holds {plugins.Count} plugins where one is allowed: {string.Join(", ", plugins.Select(Path.GetFileName))}"),
        };
    }

    private static bool CarriesAttribute(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var pe = new PEReader(stream);
        if (!pe.HasMetadata) throw new BadImageFormatException("no .NET assembly");
        MetadataReader metadata = pe.GetMetadataReader();
        return metadata.IsAssembly && metadata.GetAssemblyDefinition().GetCustomAttributes().Any(handle => IsPluginAttribute(metadata, handle));
    }

    private static bool IsPluginAttribute(MetadataReader metadata, CustomAttributeHandle handle)
    {
        EntityHandle constructor = metadata.GetCustomAttribute(handle).Constructor;
        if (constructor.Kind != HandleKind.MemberReference) return false;
        EntityHandle parent = metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference) return false;
        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, nameof(PluginAttribute))
            && metadata.StringComparer.Equals(type.Namespace, typeof(PluginAttribute).Namespace!);
    }
}
