using System.Composition;
using System.Text.Json;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>One of the demo's people shows slides.</summary>
[Export(typeof(IDemoPlugin)), Shared]
public sealed class ScreenDemo : IDemoPlugin
{
    private const int Speaker = 0;

    private static readonly TimeSpan Start = TimeSpan.FromSeconds(9), PerSlide = TimeSpan.FromSeconds(8), Length = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public Task<DemoPart> PrepareAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        if (person.Index != Speaker) return Task.FromResult(DemoPart.None);
        string folder = Path.Combine(person.Folder, "slides");
        Directory.CreateDirectory(folder);
        foreach (DemoSlide slide in DemoSlide.All) SlidePainter.PaintIfMissing(folder, slide);
        var settings = new Dictionary<string, string> { ["Plugins:Screen:Source"] = $"file:{folder}" };
        return Task.FromResult(new DemoPart(settings, Steps()));
    }

    private static List<DemoStep> Steps()
    {
        var steps = new List<DemoStep> { Step(Start, new Present()) };
        int page = 1;
        for (TimeSpan at = Start + PerSlide; at < Length; at += PerSlide)
        {
            page = page % DemoSlide.All.Count + 1;
            steps.Add(Step(at, new Slides(page)));
        }
        return steps;
    }

    private static DemoStep Step(TimeSpan at, object message) => new(
        at, ScreenMessages.Set.NameOf(message.GetType()), JsonSerializer.Serialize(message, ScreenMessages.Set.JsonOf(message.GetType())));
}
