using System.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>Event ids 2000-2999.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(2000, LogLevel.Information, "{Peer} ({Id}) has joined from {Remote}; {Count} in the room")]
    public static partial void Joined(ILogger log, Peer peer, string id, IPEndPoint remote, int count);

    [LoggerMessage(2001, LogLevel.Information, "{Peer} ({Id}) has gone: {Reason}; {Beats} beats, every {Mean:F0} ms, {Max:F0} ms at most; {Count} in the room")]
    public static partial void Left(ILogger log, Peer peer, string id, string reason, long beats, double mean, double max, int count);

    [LoggerMessage(2002, LogLevel.Information, "{Peer} ({Id}) is back from {Remote}")]
    public static partial void Resumed(ILogger log, Peer peer, string id, IPEndPoint remote);

    [LoggerMessage(2003, LogLevel.Debug, "{Peer}: {Interval:F0} ms since the last beat")]
    public static partial void Beat(ILogger log, Peer peer, double interval);

    [LoggerMessage(2004, LogLevel.Debug, "{Peer} is {State}")]
    public static partial void Changed(ILogger log, Peer peer, string state);

    [LoggerMessage(2005, LogLevel.Warning, "A wrong password came from {Address} for room {Room}")]
    public static partial void WrongPassword(ILogger log, IPAddress address, string room);

    [LoggerMessage(2006, LogLevel.Warning, "{Peer} does not read what it is sent; its control connection is closed")]
    public static partial void TooSlow(ILogger log, Peer peer);

    [LoggerMessage(2007, LogLevel.Error, "Another plugin failed when it was told about {Peer}")]
    public static partial void ListenerFailed(ILogger log, Peer peer, Exception exception);

    [LoggerMessage(2008, LogLevel.Debug, "The control connection of {Remote} broke: {Reason}")]
    public static partial void Broke(ILogger log, IPEndPoint remote, string reason);

    [LoggerMessage(2009, LogLevel.Error, "The watchdog failed; it goes on")]
    public static partial void WatchdogFailed(ILogger log, Exception exception);

    [LoggerMessage(2100, LogLevel.Information, "In room {Room} as {Name}, at {Server}")]
    public static partial void InRoom(ILogger log, string room, string name, string server);

    [LoggerMessage(2101, LogLevel.Information, "Left room {Room}")]
    public static partial void OutOfRoom(ILogger log, string room);

    [LoggerMessage(2102, LogLevel.Information, "Not in room {Room} at {Server} at the moment ({Reason}); trying again in {Wait:F1} s")]
    public static partial void Retrying(ILogger log, string room, string server, string reason, double wait);

    [LoggerMessage(2103, LogLevel.Warning, "Room {Room} at {Server} is given up: {Reason}")]
    public static partial void GivenUp(ILogger log, string room, string server, string reason);

    [LoggerMessage(2104, LogLevel.Information, "The connection to {Server} broke: {Reason}")]
    public static partial void ConnectionBroke(ILogger log, string server, string reason);

    [LoggerMessage(2105, LogLevel.Debug, "The server answered a beat after {RoundTrip:F1} ms")]
    public static partial void RoundTrip(ILogger log, double roundTrip);

    [LoggerMessage(2106, LogLevel.Warning, "{File} holds no device secret; a new one is made")]
    public static partial void DeviceReplaced(ILogger log, string file);
}
