using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Discovery;

/// <summary>Event ids 1800-1899.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(1800, LogLevel.Information, "Discovery uses these interfaces: {Links}")]
    public static partial void Links(ILogger log, string links);

    [LoggerMessage(1801, LogLevel.Warning, "Discovery cannot listen on UDP port {Port}, others must ask to be heard: {Reason}")]
    public static partial void NotListening(ILogger log, int port, string reason);

    [LoggerMessage(1802, LogLevel.Information, "Discovery cannot hear the group on {Link}: {Reason}")]
    public static partial void NotJoined(ILogger log, string link, string reason);

    [LoggerMessage(1803, LogLevel.Information, "Discovery cannot send on {Link}: {Reason}")]
    public static partial void NotSent(ILogger log, string link, string reason);

    [LoggerMessage(1804, LogLevel.Information, "Found the server {Name} at {Address}, certificate {Fingerprint}")]
    public static partial void Found(ILogger log, string name, string address, string fingerprint);

    [LoggerMessage(1805, LogLevel.Information, "The server {Name} at {Address} is not heard of any more")]
    public static partial void Gone(ILogger log, string name, string address);

    [LoggerMessage(1806, LogLevel.Error, "Discovery failed: {Reason}")]
    public static partial void Failed(ILogger log, string reason, Exception cause);
}
