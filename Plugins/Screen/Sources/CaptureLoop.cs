namespace LanCollab.Plugins.Screen;

/// <summary>
/// Takes a picture as soon as something changes, but of nothing more than the configured number a second, and none while the hub has no room: what
/// changes meanwhile is merged into the next picture, never queued.
/// </summary>
/// <param name="source">Gives pictures.</param>
/// <param name="settings">Asked before each picture: they may change while it runs.</param>
/// <param name="time">For the pauses.</param>
internal sealed class CaptureLoop(IPictureSource source, Func<CaptureSettings> settings, TimeProvider time)
{
    /// <summary>How soon to look again whether something lossy has stood still.</summary>
    private static readonly TimeSpan Mending = TimeSpan.FromMilliseconds(60);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="picture">Gets what changes.</param>
    /// <param name="room">Waits until the hub can take an update.</param>
    /// <param name="pointer">Gets the pointer after each look.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    /// <exception cref="LanCollab.Contracts.UserErrorException">The source has ended.</exception>
    public async Task RunAsync(TilePicture picture, Func<CancellationToken, ValueTask> room, Action<Pointer?> pointer, CancellationToken cancellationToken)
    {
        var encoder = new PictureEncoder(picture, time);
        long now = time.GetTimestamp();
        var turn = new Turn(now, now);
        while (true)
        {
            await room(cancellationToken).ConfigureAwait(false);
            Shot shot = await source.NextAsync(encoder.IsLossy ? Mending : null, turn, cancellationToken).ConfigureAwait(false);
            long taken = time.GetTimestamp();
            pointer(source.Pointer);
            CaptureSettings wanted = settings();
            (encoder.Lossless, encoder.FindsMoves) = (wanted.Lossless, wanted.Copies);
            encoder.Encode(shot);
            if (shot.HasChanged) turn = turn.After(taken, shot.Early, time.TimestampFrequency / wanted.MaxFps);
        }
    }
}

/// <summary>How a display is captured.</summary>
/// <param name="MaxFps">The most pictures a second.</param>
/// <param name="Lossless">No JPEG.</param>
/// <param name="Copies">What has moved is copied.</param>
internal readonly record struct CaptureSettings(int MaxFps, bool Lossless, bool Copies);
