using System.ComponentModel.DataAnnotations;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat;

/// <summary>Section <c>Plugins:Chat</c>, for both halves.</summary>
public sealed class ChatOptions
{
    /// <summary>Where the hub listens; 0 = any free port.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5871;

    /// <summary>Lines and changes a person may send in a second, in the long run. Nobody types this fast; programs that report do.</summary>
    [Live, Range(1, 1_000_000)]
    public int LinesPerSecond { get; set; } = 50;

    /// <summary>Lines and changes a person may send at once before <see cref="LinesPerSecond"/> counts.</summary>
    [Live, Range(1, 1_000_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Pages of history a person may read in a second, in the long run; ten times as many at once, as one who comes back needs.</summary>
    [Live, Range(1, 10_000)]
    public int ReadsPerSecond { get; set; } = 50;

    /// <summary>Searches a person may begin in a second, in the long run; five times as many at once.</summary>
    [Live, Range(1, 1000)]
    public int SearchesPerSecond { get; set; } = 2;

    /// <summary>Lines and changes that are kept of each room; the oldest go first.</summary>
    [Live, Range(100, 10_000_000)]
    public int HistoryLines { get; set; } = 10_000;

    /// <summary>How long lines are kept, in days; 0 = as long as there is room for them.</summary>
    [Live, Range(0, 36_500)]
    public int HistoryDays { get; set; }

    /// <summary>Lines that wait in a person's daemon for the hub; one more is refused.</summary>
    [Range(1, 10_000)]
    public int PendingLines { get; set; } = 500;

    /// <summary>How long a page or a script waits for the hub to take its line, in seconds, before it is told that the line is kept and still waits.</summary>
    [Live, Range(1, 3600)]
    public int SendTimeoutSeconds { get; set; } = 60;
}
