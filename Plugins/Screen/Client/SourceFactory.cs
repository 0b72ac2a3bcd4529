using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>Opens what a person wants to present.</summary>
internal sealed class SourceFactory(ILiveOptions<ScreenOptions> options, BackgroundWork work, TimeProvider time, ILogger log)
{
    /// <summary>Opens the source; nothing is taken from it before <paramref name="start"/> is called.</summary>
    /// <param name="spec">Which.</param>
    /// <param name="page">The page that asked, which captures if the source is <c>browser</c>.</param>
    /// <param name="seat">This client's.</param>
    /// <param name="start">The source's loop, for <see cref="Presenting.Capture"/>.</param>
    /// <exception cref="UserErrorException">It cannot be presented; the sentence says why.</exception>
    public Presenting Open(SourceSpec spec, IPage? page, string? seat, out Func<CancellationToken, Task> start)
    {
        Presenting presenting = spec.Kind switch
        {
            SourceKind.File => New(spec, seat, new SlideShow(spec.Target, TimeSpan.FromSeconds(options.Current.SlideSeconds), time, log)),
            SourceKind.Device => New(spec, seat, OpenDisplay(spec.Target)),
            SourceKind.Browser when page is not null => New(spec, seat, null, new BrowserSource(page)),
            SourceKind.Browser => throw new UserErrorException("bad-source", "Only a page can share what the browser captures."),
            _ => throw new UserErrorException("bad-source", "There is nothing to present; choose browser, device or file:<folder>."),
        };
        start = presenting.Browser is { } browser
            ? token => browser.RunAsync(presenting.RoomAsync, token)
            : token => new CaptureLoop(presenting.Captured!, () => Settings(presenting), time).RunAsync(
                presenting.Picture, presenting.RoomAsync, pointer => presenting.Picture.Point(pointer ?? Pointer.Hidden), token);
        return presenting;
    }

    /// <summary>What of this machine's display can be shared; nothing when there is none.</summary>
    public static IReadOnlyList<OfferedSource> List()
    {
        try
        {
            return XSources.List("");
        }
        catch (Exception e) when (e is UserErrorException or MissingLibraryException)
        {
            return [];
        }
    }

    private CaptureSettings Settings(Presenting presenting)
    {
        ScreenOptions now = options.Current;
        return new CaptureSettings(now.MaxFps, now.Lossless || presenting.Slides is not null, now.Copies);
    }

    private Presenting New(SourceSpec spec, string? seat, IPictureSource? captured, BrowserSource? browser = null) =>
        new(spec, new TilePicture(options.Current.MaxPictureMiB * 1024L * 1024), work, captured) 
        {
            Seat = seat, Browser = browser, Deck = captured is SlideShow slides ? new FolderDeck(slides, spec.Target, log) : null,
        };

    private X11Source OpenDisplay(string target)
    {
        try
        {
            return new X11Source(target, time);
        }
        catch (MissingLibraryException e)
        {
            throw new UserErrorException("missing-library", e.Message);
        }
    }
}
