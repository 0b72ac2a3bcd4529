using System.Threading.Channels;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>A page that captures and encodes by itself: its frames are checked, kept and forwarded.</summary>
/// <param name="page">The only page whose frames count.</param>
internal sealed class BrowserSource(IPage page)
{
    // The page sends the next update after the acknowledgement of the last but one, so there are never more than these.
    private readonly Channel<uint> _complete = Channel.CreateBounded<uint>(new BoundedChannelOptions(UpdateWindow.Size) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>The page.</summary>
    public IPage Page { get; } = page;

    /// <summary>Takes one frame of the page; a wrong one ends <see cref="RunAsync"/> with its <see cref="ProtocolErrorException"/>.</summary>
    public void Receive(TilePicture picture, ReadOnlyMemory<byte> frame)
    {
        try
        {
            if (picture.Apply(frame.Span)) _complete.Writer.TryWrite(picture.Number);
        }
        catch (ProtocolErrorException e)
        {
            _complete.Writer.TryComplete(e);
        }
    }

    /// <summary>Acknowledges each update as soon as the hub can take one more, until the page has gone.</summary>
    /// <param name="room">Waits until the hub can take an update.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public async Task RunAsync(Func<CancellationToken, ValueTask> room, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Page.Closed);
        try
        {
            await foreach (uint frame in _complete.Reader.ReadAllAsync(end.Token).ConfigureAwait(false))
            {
                await room(end.Token).ConfigureAwait(false);
                Page.Send(new Shown(frame));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserErrorException("page-gone", "The page that shared its screen has been closed.");
        }
    }
}
