namespace LanCollab.Plugins.Screen;

/// <summary>One receiver of a stage: what it is told and sent.</summary>
internal interface IViewer
{
    /// <summary>Another presenter, or another size.</summary>
    ValueTask TellAsync(Presenter who, CancellationToken cancellationToken);

    /// <summary>False when this viewer is not to get the tiles of this scene (it has them, since it presents).</summary>
    bool Wants(Scene scene);

    /// <summary>One frame, as <see cref="TileFrame"/>.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken);
}

/// <summary>
/// Keeps one viewer at the newest state: waits until something is newer than what it has and its window has room, then sends all that is
/// newer. A slow viewer skips what came in between and delays nobody; a late one has nothing, so it gets everything.
/// </summary>
internal sealed class TileFeed(Stage stage, IViewer viewer, UpdateWindow window)
{
    private Presenter? _told;
    private TilePicture? _picture;
    private long _revision;
    private Pointer _pointer = Pointer.Hidden;
    private PointerShape? _shape;

    /// <summary>Runs until cancelled, or until the viewer's connection breaks.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await window.EnterAsync(cancellationToken).ConfigureAwait(false);
            while (!await SendNewerAsync(cancellationToken).ConfigureAwait(false)) { }
        }
    }

    /// <summary>One look at the stage.</summary>
    /// <returns>True when an update was sent; false when there was none and the bell has rung since.</returns>
    private async Task<bool> SendNewerAsync(CancellationToken cancellationToken)
    {
        Task changed = stage.Changed;
        Scene scene = stage.Now;
        await TellAsync(scene, cancellationToken).ConfigureAwait(false);
        bool wants = viewer.Wants(scene);
        if (wants && scene.Picture is not null) await PointAsync(scene.Picture.Pointer, cancellationToken).ConfigureAwait(false);
        if (wants && scene.Picture?.NewerThan(_revision) is { } update)
        {
            foreach (ReadOnlyMemory<byte> frame in update.Frames) await viewer.SendAsync(frame, cancellationToken).ConfigureAwait(false);
            _revision = update.Revision;
            return true;
        }
        await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    private async ValueTask TellAsync(Scene scene, CancellationToken cancellationToken)
    {
        if (scene.Picture != _picture) (_picture, _revision, _pointer, _shape) = (scene.Picture, 0, Pointer.Hidden, null);
        if (scene.Who == _told) return;
        await viewer.TellAsync(scene.Who, cancellationToken).ConfigureAwait(false);
        _told = scene.Who;
    }

    /// <summary>The newest place is all that counts: who is slow misses the way there.</summary>
    private async ValueTask PointAsync(Pointer pointer, CancellationToken cancellationToken)
    {
        if (pointer == _pointer) return;
        if (pointer.Shape is { } shape && shape != _shape)
        {
            await viewer.SendAsync(PointerFrame.WriteShape(shape), cancellationToken).ConfigureAwait(false);
            _shape = shape;
        }
        await viewer.SendAsync(PointerFrame.WritePlace(pointer), cancellationToken).ConfigureAwait(false);
        _pointer = pointer;
    }
}
