namespace LanCollab.Contracts;

/// <summary>
/// A plugin's part in <c>./lancollab demo</c>: what it makes for people who are driven by files, and what they do. Optional; export it:
/// <c>[Export(typeof(IDemoPlugin)), Shared]</c>.
/// </summary>
public interface IDemoPlugin
{
    /// <summary>Called once for each demo person, before its daemon starts.</summary>
    /// <param name="person">Whom it is about.</param>
    /// <param name="cancellationToken">Ends when the program stops.</param>
    Task<DemoPart> PrepareAsync(DemoPerson person, CancellationToken cancellationToken);
}

/// <summary>A demo person.</summary>
/// <param name="Index">0, 1, 2…</param>
/// <param name="Name">Shown in the roster.</param>
/// <param name="Folder">A folder for what this person plays and shows; kept between runs, so make only what is missing.</param>
public sealed record DemoPerson(int Index, string Name, string Folder);

/// <summary>What a plugin contributes to a demo person.</summary>
/// <param name="Settings">Configuration of that person's daemon, <c>Plugins:Media:Microphone</c> → <c>file:…</c>.</param>
/// <param name="Steps">What the person does on its bridge.</param>
public sealed record DemoPart(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<DemoStep> Steps)
{
    /// <summary>Nothing.</summary>
    public static DemoPart None { get; } = new(new Dictionary<string, string>(), []);
}

/// <summary>One request on a demo person's bridge.</summary>
/// <param name="At">When, counted from the moment everybody has joined.</param>
/// <param name="Message">The request's name, <c>chat/say</c>.</param>
/// <param name="Body">Its body, JSON.</param>
public sealed record DemoStep(TimeSpan At, string Message, string Body);
