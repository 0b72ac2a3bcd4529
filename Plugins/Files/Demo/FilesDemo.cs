using System.Composition;
using System.Text.Json;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>The first demo person shares the meeting's agenda.</summary>
[Export(typeof(IDemoPlugin)), Shared]
public sealed class FilesDemo : IDemoPlugin
{
    private const string Agenda = """
        Agenda

        1. How the week went           5 min
        2. The new floor plan         15 min
        3. Who brings what on Friday   5 min

        Everything on this page went from one machine to the others over the local network alone.
        """;

    /// <inheritdoc />
    public async Task<DemoPart> PrepareAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        if (person.Index != 0) return DemoPart.None;
        string path = Path.Combine(person.Folder, "Agenda.txt");
        if (!File.Exists(path)) await File.WriteAllTextAsync(path, Agenda, cancellationToken).ConfigureAwait(false);
        string body = $$"""{"path":"{{JsonEncodedText.Encode(path)}}"}""";
        return new DemoPart(new Dictionary<string, string>(), [new DemoStep(TimeSpan.FromSeconds(3), "files/offer", body)]);
    }
}
