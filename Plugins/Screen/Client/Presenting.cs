using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// What this client presents: a source that fills a picture, and the way from that picture to the hub. The picture outlives a lost
/// connection, so that a new one starts with all of it.
/// </summary>
internal sealed class Presenting : IAsyncDisposable
{
    private readonly BackgroundWork _work;
    private readonly IPictureSource? _source;
    private readonly CancellationTokenSource _ended = new();
    private readonly UpdateWindow _window = new(required: true);
    private readonly Stage _own = new();
    private Task _capturing = Task.CompletedTask;
    private Task _feeding = Task.CompletedTask;
    private Task _paging = Task.CompletedTask;

    public Presenting(SourceSpec spec, TilePicture picture, BackgroundWork work, IPictureSource? source)
    {
        (Spec, Picture, _work, _source) = (spec, picture, work, source);
        _own.Show(Presenter.Nobody, picture);
    }

    /// <summary>What was asked for.</summary>
    public SourceSpec Spec { get; }

    /// <summary>What is on it.</summary>
    public TilePicture Picture { get; }

    /// <summary>The source, unless it is a page.</summary>
    public IPictureSource? Captured => _source;

    /// <summary>The source, when it is slides.</summary>
    public SlideShow? Slides => _source as SlideShow;

    /// <summary>The source, when it is a page.</summary>
    public BrowserSource? Browser { get; init; }

    /// <summary>The channel it goes to the hub by; null before the hub has granted the slot.</summary>
    public MessageChannel? Channel { get; private set; }

    /// <summary>Sends the slides' pages along, when the daemon has them.</summary>
    public FolderDeck? Deck { get; init; }

    /// <summary>This client's seat when it began: nothing is shown to another room without being asked.</summary>
    public required string? Seat { get; init; }

    /// <summary>Waits until the hub can take an update.</summary>
    public ValueTask RoomAsync(CancellationToken cancellationToken) => _window.RoomAsync(cancellationToken);

    /// <summary>The hub has taken an update.</summary>
    public void Acknowledged() => _window.Acknowledged();

    /// <summary>Starts the source.</summary>
    public void Capture(Func<CancellationToken, Task> capture) => _capturing = _work.Run("presenting", capture, _ended.Token);

    /// <summary>Sends the picture, and from then on its changes, by a channel on which the hub has granted the slot.</summary>
    public async Task AttachAsync(MessageChannel channel)
    {
        await _feeding.ConfigureAwait(false);
        await _paging.ConfigureAwait(false);
        _window.Reset();
        Channel = channel;
        var feed = new TileFeed(_own, new HubViewer(channel), _window);
        _feeding = _work.Run("tiles to the hub", feed.RunAsync, _ended.Token, channel.Channel.Closed);
        if (Deck is { } deck) _paging = _work.Run("pages to the hub", token => deck.RunAsync(channel, token), _ended.Token, channel.Channel.Closed);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _capturing.ConfigureAwait(false);
        await _feeding.ConfigureAwait(false);
        await _paging.ConfigureAwait(false);
        _source?.Dispose();
        _window.Dispose();
        _ended.Dispose();
    }

    /// <summary>The hub, seen from the presenter: it gets the tiles and knows who presents.</summary>
    private sealed class HubViewer(MessageChannel channel) : IViewer
    {
        public ValueTask TellAsync(Presenter who, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public bool Wants(Scene scene) => true;

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
            channel.Channel.SendAsync(new Frame(FrameKind.Binary, frame), cancellationToken);
    }
}
