using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Media.Video;

/// <summary>Pictures: event ids 7000-7999.</summary>
internal static partial class VideoLog
{
    [LoggerMessage(7000, LogLevel.Information, "{Peer} shows a camera: stream {Stream}, {Codec}")]
    public static partial void Started(ILogger log, Peer peer, uint stream, VideoCodec codec);

    [LoggerMessage(7001, LogLevel.Information, "{Peer} stopped the camera: stream {Stream}")]
    public static partial void Stopped(ILogger log, Peer peer, uint stream);

    [LoggerMessage(7002, LogLevel.Warning, "{Peer} sent a video packet of stream {Stream}, which is somebody else's; {Count} such packets were dropped so far")]
    public static partial void Forged(ILogger log, Peer peer, uint stream, long count);

    [LoggerMessage(7003, LogLevel.Information, "Camera: {Source}")]
    public static partial void Source(ILogger log, string source);

    [LoggerMessage(7004, LogLevel.Warning, "The camera {Source} cannot be used: {Reason}")]
    public static partial void SourceFailed(ILogger log, string source, string reason);

    [LoggerMessage(7008, LogLevel.Warning, "High load: video is scaled down to step {Step} of 6 because of {Cause}")]
    public static partial void Load(ILogger log, int step, LoadCause cause);

    [LoggerMessage(7009, LogLevel.Information, "The load has passed: video is sent in full again")]
    public static partial void LoadPassed(ILogger log);

    [LoggerMessage(7010, LogLevel.Warning, "Pictures cannot be made smaller on this server: {Reason}")]
    public static partial void NoRescaling(ILogger log, string reason);

    [LoggerMessage(7005, LogLevel.Information, "{Name}'s camera now comes in size {Layer}: {Missing} of {Frames} frames went missing")]
    public static partial void LayerChanged(ILogger log, string name, VideoLayer layer, long missing, long frames);

    [LoggerMessage(7006, LogLevel.Debug, "The hub does not take a video request: {Code}: {Reason}")]
    public static partial void Refused(ILogger log, string code, string reason);

    [LoggerMessage(7007, LogLevel.Debug, "{Name}: {Shown} pictures shown, {Missing} missing since the last look")]
    public static partial void Received(ILogger log, string name, long shown, long missing);
}
