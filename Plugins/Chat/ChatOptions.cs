using System.ComponentModel.DataAnnotations;

namespace LanCollab.Plugins.Chat;

/// <summary>Section <c>Plugins:Chat</c>, for both halves.</summary>
public sealed class ChatOptions
{
    /// <summary>Where the hub listens; 0 = any free port.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 5871;

    /// <summary>Lines a person may say in a second, in the long run. Nobody types this fast; programs that report do.</summary>
    [Range(1, 1_000_000)]
    public int LinesPerSecond { get; set; } = 50;

    /// <summary>Lines a person may say at once before <see cref="LinesPerSecond"/> counts.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 200;

    /// <summary>Lines that are kept of each room; the oldest go first.</summary>
    [Range(100, 10_000_000)]
    public int HistoryLines { get; set; } = 10_000;

    /// <summary>Lines that wait in a person's daemon for the hub; one more is refused.</summary>
    [Range(1, 10_000)]
    public int PendingLines { get; set; } = 500;

    /// <summary>How long a line waits for a hub that does not answer, in seconds, before its page is told that it failed.</summary>
    [Range(1, 3600)]
    public int SendTimeoutSeconds { get; set; } = 60;
}
