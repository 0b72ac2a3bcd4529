using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// Posts messages to control channels, never waiting. Policy for who does not read: the channel is closed; the client comes back with a
/// fresh roster. Guarded by the <see cref="Roster"/>'s lock.
/// </summary>
internal sealed class RoomNews(ILogger log)
{
    /// <summary>To one.</summary>
    public void Tell(Seat seat, object message) => Post(seat, new Frame(FrameKind.Json, SessionProtocol.Messages.Encode(message)));

    /// <summary>To everybody in the room; encoded once.</summary>
    public void Tell(Room room, object message, Seat? except = null)
    {
        var frame = new Frame(FrameKind.Json, SessionProtocol.Messages.Encode(message));
        foreach (Seat seat in room.Seats)
            if (seat != except) Post(seat, frame);
    }

    private void Post(Seat seat, Frame frame)
    {
        if (seat.Control is not { } control || control.TryPost(frame)) return;
        // Its receive loop ends now and reports the break, as with any other break.
        if (!control.Closed.IsCancellationRequested) SessionLog.TooSlow(log, seat.Peer);
        control.Close("You do not read what you are sent.");
    }
}
