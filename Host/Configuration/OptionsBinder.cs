using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using LanCollab.Contracts;
using Microsoft.Extensions.Configuration;

namespace LanCollab.Host.Configuration;

/// <summary>
/// Binds a section to an options object strictly: a key that the object does not have, a value that does not parse and a value out of
/// range are errors that name file, key, value and what is allowed.
/// </summary>
internal static class OptionsBinder
{
    /// <param name="settings">All settings.</param>
    /// <param name="path">The section, <c>Server</c> or <c>Plugins:name</c>.</param>
    /// <param name="alsoKnown">Keys that somebody else reads.</param>
    /// <exception cref="ConfigurationErrorException">See the class.</exception>
    public static T Bind<T>(Settings settings, string path, params string[] alsoKnown) where T : class, new()
    {
        var options = new T();
        var properties = typeof(T).GetProperties().Where(p => p.CanWrite).ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection entry in settings.Root.GetSection(path).GetChildren())
        {
            if (alsoKnown.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)) continue;
            if (!properties.TryGetValue(entry.Key, out PropertyInfo? property)) throw Unknown(settings, entry, properties.Keys.Concat(alsoKnown));
            Set(settings, options, property, entry);
        }
        return Whole(options);
    }

    /// <summary>What one value says about another is checked by the class itself.</summary>
    private static T Whole<T>(T options) where T : class =>
        (options as IValidatableObject)?.Validate(new ValidationContext(options)).FirstOrDefault(r => r != ValidationResult.Success) is { } wrong
            ? throw new ConfigurationErrorException(wrong.ErrorMessage ?? "The configuration contradicts itself.")
            : options;

    private static void Set(Settings settings, object options, PropertyInfo property, IConfigurationSection entry)
    {
        object? value = Convert(settings, property, entry);
        var failures = new List<ValidationResult>();
        if (!Validator.TryValidateProperty(value, new ValidationContext(options) { MemberName = property.Name }, failures))
            throw Wrong(settings, entry, Allowed(property) ?? failures[0].ErrorMessage!);
        property.SetValue(options, value);
    }

    private static object? Convert(Settings settings, PropertyInfo property, IConfigurationSection entry)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string[])) return entry.GetChildren().Select(c => c.Value ?? "").ToArray();
        if (entry.Value is null) throw Wrong(settings, entry, $"a single value ({type.Name})");
        try
        {
            return type == typeof(string) ? entry.Value : TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, entry.Value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw Wrong(settings, entry, Allowed(property) ?? Kind(type));
        }
    }

    private static string? Allowed(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() is { } range
        ? $"{range.Minimum} to {range.Maximum}"
        : property.GetCustomAttribute<AllowedValuesAttribute>() is { } values
            ? string.Join(", ", values.Values)
            : property.GetCustomAttribute<ValidationAttribute>()?.ErrorMessage;

    private static string Kind(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a time such as 00:00:05",
        { IsEnum: true } => string.Join(", ", Enum.GetNames(type)),
        _ => "a number",
    };

    private static ConfigurationErrorException Unknown(Settings settings, IConfigurationSection entry, IEnumerable<string> known) => new(
        $"{settings.SourceOf(entry.Path)}: {entry.Path} = \"{entry.Value}\" is not a known key; known are {string.Join(", ", known.Order())}.");

    private static ConfigurationErrorException Wrong(Settings settings, IConfigurationSection entry, string allowed) => new(
        $"{settings.SourceOf(entry.Path)}: {entry.Path} = \"{entry.Value}\" cannot be used; allowed: {allowed}.");
}
