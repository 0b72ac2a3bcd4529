using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>
/// Posts messages to control channels, never waiting. Policy for who does not read: the channel is closed; the client comes back with a
/// fresh roster. Guarded by the <see cref="House"/>'s lock.
/// </summary>
internal sealed class RoomNews(ILogger log)
{
    /// <summary>To one.</summary>
    public void Tell(Seat seat, object message) => Post(seat, Encode(message));

    /// <summary>To everybody in the room; encoded once.</summary>
    public void Tell(Room room, object message, Seat? except = null)
    {
        Frame frame = Encode(message);
        foreach (Seat seat in room.All)
            if (seat != except) Post(seat, frame);
    }

    /// <summary>To those who keep order.</summary>
    public void TellModerators(Room room, object message)
    {
        Frame frame = Encode(message);
        foreach (Seat seat in room.Present.Where(seat => seat.Standing.Role == Role.Moderator)) Post(seat, frame);
    }

    /// <summary>To a connection without a seat.</summary>
    public void Tell(IChannel control, object message) => control.TryPost(Encode(message));

    private static Frame Encode(object message) => new(FrameKind.Json, SessionProtocol.Messages.Encode(message));

    private void Post(Seat seat, Frame frame)
    {
        if (seat.Control is not { } control || control.TryPost(frame)) return;
        // Its receive loop ends now and reports the break, as with any other break.
        if (!control.Closed.IsCancellationRequested) SessionLog.TooSlow(log, seat);
        control.Close("You do not read what you are sent.");
    }
}
