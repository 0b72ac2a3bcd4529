using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// Slides of a folder, for those who leaf by themselves: tells the hub where the presenter is, and sends every page and its thumbnail along.
/// A page does the same for a PDF.
/// </summary>
internal sealed class FolderDeck(SlideShow slides, string folder, ILogger log)
{
    /// <summary>Runs on one channel until cancelled, or until the hub has ended the presentation.</summary>
    public async Task RunAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        var turned = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        slides.Changed += Note;
        try
        {
            for (int page = 1; page <= slides.Now.Pages; page++)
            {
                await TellAsync(channel, cancellationToken).ConfigureAwait(false);
                await SendAsync(channel, page, cancellationToken).ConfigureAwait(false);
            }
            while (await turned.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                turned.Reader.TryRead(out _);
                await TellAsync(channel, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (UserErrorException)
        {
            // Somebody else has the stage by now; the presenter is told that by itself.
        }
        finally
        {
            slides.Changed -= Note;
        }

        void Note() => turned.Writer.TryWrite(true);
    }

    private async Task TellAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        Slide now = slides.Now;
        await channel.RequestAsync(new DeckState(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), now.Page, now.Pages), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The small one first: all thumbnails are wanted, and few of the pages.</summary>
    private async Task SendAsync(MessageChannel channel, int page, CancellationToken cancellationToken)
    {
        foreach (bool small in (bool[])[true, false])
            try
            {
                byte[] frame = PageFrame.Write(page, small, slides.Page(page, small));
                await channel.Channel.SendAsync(new Frame(FrameKind.Binary, frame), cancellationToken).ConfigureAwait(false);
            }
            catch (UserErrorException e)
            {
                ScreenLog.SlideSkipped(log, e.Message);
                return;
            }
    }
}
