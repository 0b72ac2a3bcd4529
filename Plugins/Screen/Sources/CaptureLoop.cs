namespace LanCollab.Plugins.Screen;

/// <summary>
/// Takes pictures at up to the configured rate while something changes, ever slower down to <see cref="Idle"/> while nothing does, and not
/// at all while the hub has no room: what changes meanwhile is merged into the next picture.
/// </summary>
internal sealed class CaptureLoop(IPictureSource source, int maxFps, TimeProvider time)
{
    /// <summary>The longest pause between two looks at an unchanged source.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="picture">Gets what changes.</param>
    /// <param name="room">Waits until the hub can take an update.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    /// <exception cref="LanCollab.Contracts.UserErrorException">The source has ended.</exception>
    public async Task RunAsync(TilePicture picture, Func<CancellationToken, ValueTask> room, CancellationToken cancellationToken)
    {
        var encoder = new TileEncoder(picture);
        TimeSpan shortest = TimeSpan.FromSeconds(1.0 / maxFps), pause = shortest;
        while (true)
        {
            await room(cancellationToken).ConfigureAwait(false);
            bool changed = encoder.Encode(await source.NextAsync(cancellationToken).ConfigureAwait(false));
            pause = changed ? shortest : Longer(pause);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 1.5 < Idle ? pause * 1.5 : Idle;
}
