namespace LanCollab.Plugins.Screen;

/// <summary>What stands on a slide of the demo.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Title">One line.</param>
/// <param name="Lines">A few short lines.</param>
/// <param name="Bars">Heights of coloured bars, 0 to 1, with their labels.</param>
internal sealed record DemoSlide(int Number, string Title, IReadOnlyList<string> Lines, IReadOnlyList<(string Label, double Height)> Bars)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<DemoSlide> All { get; } =
    [
        new(1, "The plan for today", ["Where we stand", "What the measurements say", "Who does what until Friday"],
            [("Mon", 0.35), ("Tue", 0.5), ("Wed", 0.45), ("Thu", 0.8), ("Fri", 0.95)]),
        new(2, "Where we stand", ["The first series is complete", "Two sensors have been replaced", "The report has a draft"],
            [("done", 0.9), ("tested", 0.7), ("written", 0.4)]),
        new(3, "What the measurements say", ["Quieter than last month", "No failures in eleven days", "The new pump saves a third"],
            [("Aug", 0.95), ("Sep", 0.8), ("Oct", 0.72), ("Nov", 0.6)]),
        new(4, "Who does what until Friday", ["Ada reads the report", "Ben prepares the second series", "Cleo orders the spare parts"],
            [("Ada", 0.55), ("Ben", 0.85), ("Cleo", 0.65)]),
    ];
}
