namespace LanCollab.Plugins.Screen;

/// <summary>Where the daemon itself takes pictures from. Used by one loop at a time.</summary>
internal interface IPictureSource : IDisposable
{
    /// <summary>
    /// The picture of this moment, or, from a source that knows when it changes, the next one that is different. The caller is done with a
    /// picture when it asks for the next.
    /// </summary>
    /// <param name="patience">
    /// After this long the last picture comes again, unchanged: the caller has something else to do. Null: wait for a change however long it takes.
    /// </param>
    /// <param name="turn">When the next picture may be taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LanCollab.Contracts.UserErrorException">It cannot be had any more; a sentence for the presenter.</exception>
    ValueTask<Shot> NextAsync(TimeSpan? patience, Turn turn, CancellationToken cancellationToken);

    /// <summary>The pointer, when it is not painted into the pictures; null when there is none.</summary>
    Pointer? Pointer => null;
}
