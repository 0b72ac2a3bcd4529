namespace LanCollab.Contracts;

/// <summary>Where a microphone, speaker, camera or screen comes from or goes to, as it stands in the configuration and on the bridge.</summary>
public enum SourceKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The page captures or plays.</summary>
    Browser,

    /// <summary>The daemon's own: sound card, camera, X11 display. May name one: <c>device:2</c>.</summary>
    Device,

    /// <summary>A file or folder: <c>file:/some/where.wav</c>.</summary>
    File,
}

/// <summary>A parsed source.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Target">The path of a file, or which device; empty otherwise.</param>
public readonly record struct SourceSpec(SourceKind Kind, string Target = "")
{
    /// <summary>The path of a file, or which device; empty otherwise, in a <c>default</c> one too.</summary>
    public string Target { get => field ?? ""; init; } = Target;

    /// <summary>Reads <c>none</c>, <c>browser</c>, <c>device</c>, <c>device:&lt;which&gt;</c> or <c>file:&lt;path&gt;</c>.</summary>
    /// <exception cref="UserErrorException"><c>bad-source</c>: anything else.</exception>
    public static SourceSpec Parse(string text) => text.Split(':', 2) switch
    {
        ["none"] => new(SourceKind.None),
        ["browser"] => new(SourceKind.Browser),
        ["device"] => new(SourceKind.Device),
        ["device", { Length: > 0 } which] => new(SourceKind.Device, which),
        ["file", { Length: > 0 } path] => new(SourceKind.File, path),
        _ => throw new UserErrorException("bad-source", $"\"{text}\" is no source; use none, browser, device or file:<path>."),
    };

    /// <inheritdoc />
    public override string ToString() => string.IsNullOrEmpty(Target) ? Kind.ToString().ToLowerInvariant() : $"{Kind.ToString().ToLowerInvariant()}:{Target}";
}
