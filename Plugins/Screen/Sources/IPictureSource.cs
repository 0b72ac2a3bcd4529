namespace LanCollab.Plugins.Screen;

/// <summary>Where the daemon itself takes pictures from. Used by one loop at a time.</summary>
internal interface IPictureSource : IDisposable
{
    /// <summary>
    /// The picture of this moment, or, from a source that knows when it changes, the next one that is different. The caller is done with a
    /// picture when it asks for the next.
    /// </summary>
    /// <exception cref="LanCollab.Contracts.UserErrorException">It cannot be had any more; a sentence for the presenter.</exception>
    ValueTask<Picture> NextAsync(CancellationToken cancellationToken);
}
