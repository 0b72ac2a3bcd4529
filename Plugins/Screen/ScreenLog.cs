using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>Event ids 5000-5999.</summary>
internal static partial class ScreenLog
{
    [LoggerMessage(5000, LogLevel.Information, "{Name} presents in {Room} (presentation {Presentation})")]
    public static partial void Presents(ILogger log, string name, string room, long presentation);

    [LoggerMessage(5001, LogLevel.Information, "{Name} no longer presents in {Room}: {Reason}")]
    public static partial void Stopped(ILogger log, string name, string room, string reason);

    [LoggerMessage(5002, LogLevel.Debug, "picture in {Room} is {Width}x{Height}")]
    public static partial void Size(ILogger log, string room, int width, int height);

    [LoggerMessage(5100, LogLevel.Information, "presenting {Source}")]
    public static partial void Sharing(ILogger log, string source);

    [LoggerMessage(5101, LogLevel.Information, "stopped presenting {Source}: {Reason}")]
    public static partial void SharingEnded(ILogger log, string source, string reason);

    [LoggerMessage(5102, LogLevel.Warning, "cannot present by itself: {Reason}")]
    public static partial void AutoPresentFailed(ILogger log, string reason);

    [LoggerMessage(5103, LogLevel.Warning, "slide skipped: {Reason}")]
    public static partial void SlideSkipped(ILogger log, string reason);

    [LoggerMessage(5104, LogLevel.Error, "the source {Source} failed")]
    public static partial void SourceFailed(ILogger log, string source, Exception cause);
}
