using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media;

/// <summary>Sound and control: event ids 6000-6999. Pictures have their own list, 7000-7999.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(6000, LogLevel.Information, "Microphone {Source}, muted: {Muted}")]
    public static partial void Microphone(ILogger log, string source, bool muted);

    [LoggerMessage(6001, LogLevel.Information, "Speaker {Sink}")]
    public static partial void Speaker(ILogger log, string sink);

    [LoggerMessage(6002, LogLevel.Debug, "{Peer} left: {Late} packets late, {Duplicates} twice, {Malformed} malformed, {Corrupt} no Opus, {Concealed} frames made up")]
    public static partial void Gone(ILogger log, Peer peer, long late, long duplicates, long concealed, long malformed, long corrupt);

    [LoggerMessage(6003, LogLevel.Information, "The mixer left out {Frames} frames in all because this machine stood still")]
    public static partial void Skipped(ILogger log, long frames);

    [LoggerMessage(6004, LogLevel.Warning, "No sound with {Source}: {Problem}")]
    public static partial void NoSound(ILogger log, string source, string problem);

    [LoggerMessage(6005, LogLevel.Information, "{Path} is spoken from {Microseconds} us of the monotonic clock on")]
    public static partial void Began(ILogger log, string path, long microseconds);
}
