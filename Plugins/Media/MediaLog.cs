using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media;

/// <summary>Sound and control: event ids 6000-6999. Pictures have their own list, 7000-7999.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(6000, LogLevel.Information, "Microphone {Source}, muted: {Muted}")]
    public static partial void Microphone(ILogger log, string source, bool muted);

    [LoggerMessage(6001, LogLevel.Information, "Speaker {Sink}")]
    public static partial void Speaker(ILogger log, string sink);
}
