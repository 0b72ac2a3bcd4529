using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Bridge;

/// <summary>Event ids 1500-1599.</summary>
internal static partial class BridgeLog
{
    [LoggerMessage(1500, LogLevel.Warning, "The page's port {Asked} is in use; port {Taken} is taken instead")]
    public static partial void PortBusy(ILogger log, int asked, int taken);

    [LoggerMessage(1501, LogLevel.Debug, "Page {Page} connected")]
    public static partial void PageConnected(ILogger log, int page);

    [LoggerMessage(1502, LogLevel.Debug, "Page {Page} has gone: {Reason}")]
    public static partial void PageGone(ILogger log, int page, string reason);

    [LoggerMessage(1503, LogLevel.Warning, "Page {Page} is closed: it does not read, {Count} messages with {Bytes} bytes wait")]
    public static partial void PageStalled(ILogger log, int page, int count, long bytes);

    [LoggerMessage(1504, LogLevel.Debug, "{Message} refused: {Code}: {Reason}")]
    public static partial void Refused(ILogger log, string message, string code, string reason);

    [LoggerMessage(1505, LogLevel.Error, "{Message} failed")]
    public static partial void Failed(ILogger log, string message, Exception cause);

    [LoggerMessage(1506, LogLevel.Debug, "{Method} {Path} refused with {Status}: {Reason}")]
    public static partial void RequestRefused(ILogger log, string method, string path, int status, string reason);

    [LoggerMessage(1507, LogLevel.Debug, "{Method} {Path} was given up by the page")]
    public static partial void RequestGivenUp(ILogger log, string method, string path);
}
