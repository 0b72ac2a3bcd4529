namespace LanCollab.Host.Metrics;

/// <summary>How often each of the shell's limits was hit.</summary>
internal sealed class LimitTally
{
    /// <summary>More connections waited for their handshake than <c>Server:MaxWaitingHandshakes</c>.</summary>
    public Tally Handshakes { get; } = new();

    /// <summary>A person had <see cref="Net.Seat.MaxChannels"/> channels open already.</summary>
    public Tally Channels { get; } = new();

    /// <summary>A frame was longer than its service allows, or broke the protocol otherwise.</summary>
    public Tally Frames { get; } = new();

    /// <summary>A half-read frame came slower than <c>Server:MinFrameRate</c>.</summary>
    public Tally FrameRate { get; } = new();
}
