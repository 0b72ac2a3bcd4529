using System.Net;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>Event ids 2000-2999.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(2000, LogLevel.Information, "{Seat} ({Id}) has joined (back: {Back}); {Count} in the room")]
    public static partial void Joined(ILogger log, Seat seat, string id, bool back, int count);

    [LoggerMessage(2001, LogLevel.Information, "{Seat} ({Id}) has gone: {Reason}; {Beats} beats, every {Mean:F0} ms, {Max:F0} ms at most; {Count} in the room")]
    public static partial void Left(ILogger log, Seat seat, string id, string reason, long beats, double mean, double max, int count);

    [LoggerMessage(2002, LogLevel.Information, "{Seat} ({Id}) has been taken up again")]
    public static partial void Resumed(ILogger log, Seat seat, string id);

    [LoggerMessage(2003, LogLevel.Debug, "{Seat}: {Interval:F0} ms since the last beat; round trip {RoundTrip:F1} ms, jitter {Jitter:F1} ms")]
    public static partial void Beat(ILogger log, Seat seat, double interval, double roundTrip, double jitter);

    [LoggerMessage(2004, LogLevel.Debug, "{Seat} is {State}")]
    public static partial void Changed(ILogger log, Seat seat, string state);

    [LoggerMessage(2005, LogLevel.Warning, "A wrong password came from {Address} for room {Room}")]
    public static partial void WrongPassword(ILogger log, IPAddress address, string room);

    [LoggerMessage(2006, LogLevel.Warning, "{Seat} does not read what it is sent; its control connection is closed")]
    public static partial void TooSlow(ILogger log, Seat seat);

    [LoggerMessage(2007, LogLevel.Error, "Another plugin failed when it was told about {Peer}")]
    public static partial void ListenerFailed(ILogger log, Peer peer, Exception exception);

    [LoggerMessage(2008, LogLevel.Debug, "The control connection of {Remote} broke: {Reason}")]
    public static partial void Broke(ILogger log, IPEndPoint remote, string reason);

    [LoggerMessage(2009, LogLevel.Error, "The watchdog failed; it goes on")]
    public static partial void WatchdogFailed(ILogger log, Exception exception);

    [LoggerMessage(2010, LogLevel.Information, "The seat of {Seat} ({Id}) is no longer kept")]
    public static partial void Expired(ILogger log, Seat seat, string id);

    [LoggerMessage(2011, LogLevel.Information, "{Seat} is a {Role} now (silenced: {Muted})")]
    public static partial void Stands(ILogger log, Seat seat, string role, bool muted);

    [LoggerMessage(2012, LogLevel.Information, "Room {Room} is kept otherwise by {Seat}; locked: {Locked}, lobby: {Lobby}")]
    public static partial void Kept(ILogger log, string room, Seat seat, bool locked, bool lobby);

    [LoggerMessage(2013, LogLevel.Information, "{Name} knocks at {Room} from {Remote}")]
    public static partial void Knocked(ILogger log, string name, string room, IPEndPoint remote);

    [LoggerMessage(2014, LogLevel.Warning, "A resume token of {Seat} came from another device, at {Remote}; the seat stays where it is")]
    public static partial void ForeignToken(ILogger log, Seat seat, IPEndPoint remote);

    [LoggerMessage(2015, LogLevel.Information, "Nothing was heard from {Seat} for {Silence:F0} ms")]
    public static partial void Silent(ILogger log, Seat seat, double silence);

    [LoggerMessage(2020, LogLevel.Information, "{Seats} seats in {Rooms} rooms wait for their people")]
    public static partial void Restored(ILogger log, int rooms, int seats);

    [LoggerMessage(2021, LogLevel.Error, "{File} is damaged ({Reason}); it is put aside as {Aside}, and nobody's seat is known")]
    public static partial void Damaged(ILogger log, string file, string aside, string reason);

    [LoggerMessage(2022, LogLevel.Error, "{File} cannot be read ({Reason}); nobody's seat is known")]
    public static partial void Unreadable(ILogger log, string file, string reason);

    [LoggerMessage(2023, LogLevel.Error, "Seats cannot be kept on the disk ({Reason}); a restart of the server would forget them")]
    public static partial void NotKept(ILogger log, string reason);

    [LoggerMessage(2024, LogLevel.Information, "Seats are kept on the disk again")]
    public static partial void KeptAgain(ILogger log);

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
