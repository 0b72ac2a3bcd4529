using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>A folder of pictures as slides: gives a picture when the slide changes and otherwise rests.</summary>
internal sealed class SlideShow : IPictureSource
{
    private readonly IReadOnlyList<string> _files;
    private readonly TimeSpan _advance;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    // Only the newest slide counts: one that was passed over before anybody saw it is dropped.
    private readonly Channel<Picture> _next = Channel.CreateBounded<Picture>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private int _page;

    /// <summary>Opens the folder and reads the first slide.</summary>
    /// <param name="folder">Its PNG and JPEG files are the slides, sorted by name.</param>
    /// <param name="advance">The next slide comes after this long by itself; zero: never.</param>
    /// <param name="time">For that.</param>
    /// <param name="log">For slides that cannot be read when nobody asked for them.</param>
    /// <exception cref="UserErrorException"><c>no-folder</c>, <c>no-slides</c>, <c>bad-slide</c>.</exception>
    public SlideShow(string folder, TimeSpan advance, TimeProvider time, ILogger log)
    {
        (_files, _advance, _time, _log) = (ImageFiles.In(folder), advance, time, log);
        Go(1);
    }

    /// <summary>Called after each change of slide.</summary>
    public event Action? Changed;

    /// <summary>Where the slides are now.</summary>
    public Slide Now => new(_page, _files.Count);

    /// <summary>A page as an image for <see cref="PageFrame"/>.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="small">Its thumbnail.</param>
    /// <exception cref="UserErrorException"><c>bad-slide</c>.</exception>
    public byte[] Page(int page, bool small) => ImageFiles.Encode(_files[page - 1], small);

    /// <summary>Goes to a page, or so many pages on; beyond an end it stays there.</summary>
    /// <exception cref="UserErrorException"><c>no-page</c>, <c>bad-slide</c>.</exception>
    public Slide Turn(Slides request)
    {
        lock (_gate)
        {
            int page = request switch
            {
                { Page: { } wanted, By: null } => wanted,
                { Page: null, By: { } by } => (int)Math.Clamp((long)_page + by, 1, _files.Count),
                _ => throw new UserErrorException("no-page", "Name either a page or by how many pages to go on."),
            };
            if (page < 1 || page > _files.Count)
                throw new UserErrorException("no-page", $"There is no page {page}; the slides have pages 1 to {_files.Count}.");
            if (page != _page) Go(page);
        }
        Changed?.Invoke();
        return Now;
    }

    /// <inheritdoc />
    public async ValueTask<Shot> NextAsync(TimeSpan? patience, Turn turn, CancellationToken cancellationToken)
    {
        if (_time.GetElapsedTime(_time.GetTimestamp(), turn.Next) is { Ticks: > 0 } early) await Task.Delay(early, _time, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            Task<bool> ready = _next.Reader.WaitToReadAsync(cancellationToken).AsTask();
            await WaitAsync(ready, cancellationToken).ConfigureAwait(false);
            if (_next.Reader.TryRead(out Picture? picture)) return new Shot(picture);
            Advance();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _next.Writer.TryComplete();

    private async Task WaitAsync(Task<bool> ready, CancellationToken cancellationToken)
    {
        if (_advance == TimeSpan.Zero)
        {
            await ready.ConfigureAwait(false);
            return;
        }
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(ready, Task.Delay(_advance, _time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Advance()
    {
        lock (_gate)
        {
            int page = _page;
            for (int tried = 0; tried < _files.Count; tried++)
            {
                page = page % _files.Count + 1;
                if (TryGo(page)) break;
            }
        }
        Changed?.Invoke();
    }

    private bool TryGo(int page)
    {
        try
        {
            Go(page);
            return true;
        }
        catch (UserErrorException e)
        {
            ScreenLog.SlideSkipped(_log, e.Message);
            return false;
        }
    }

    private void Go(int page)
    {
        _next.Writer.TryWrite(ImageFiles.Read(_files[page - 1]));
        _page = page;
    }
}
