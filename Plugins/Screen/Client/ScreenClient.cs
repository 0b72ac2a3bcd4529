using System.Collections.Concurrent;
using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>The daemon's half: between the hub, the pages and what this person presents.</summary>
[Export(typeof(IClientPlugin)), Shared]
[method: ImportingConstructor]
public sealed class ScreenClient(ILogger log, TimeProvider time) : IClientPlugin, IAsyncDisposable
{
    private readonly ConcurrentDictionary<IPage, PageViewer> _viewers = new();
    private readonly Stage _stage = new();
    private ILiveOptions<ScreenOptions> _options = null!;
    private BackgroundWork _work = null!;
    private PresenterDesk? _opened;
    private HubRelay _relay = null!;
    private IBinaryLane _lane = null!;

    private PresenterDesk Desk => _opened ?? throw new InvalidOperationException("The plugin has not been started.");

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        _options = context.Watch<ScreenOptions>();
        _work = new BackgroundWork(context);
        IBridge bridge = context.Bridge(ScreenMessages.Set);
        ServiceLink link = null!;
        _opened = new PresenterDesk(new SourceFactory(_options, _work, time, log), _work, () => link.Current, bridge.Publish, time, log);
        Serve(bridge);
        _relay = new HubRelay(bridge, () => link.Current);
        link = ServiceLink.Open(
            context, ScreenMessages.Service, ScreenMessages.Set, log, Configure, Desk.ResumeAsync, Closed, FrameLimits.Tiles);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _opened?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Serve(IBridge bridge)
    {
        bridge.On<Present>(async (request, page, token) =>
        {
            await Desk.PresentAsync(SourceSpec.Parse(request.Source ?? _options.Current.Source), page, request.TakeOver, token).ConfigureAwait(false);
            return null;
        });
        bridge.On<Stop>(async (_, _, token) =>
        {
            await Desk.StopAsync(token).ConfigureAwait(false);
            return null;
        });
        bridge.On<Slides>((request, _, _) => ValueTask.FromResult<object?>(Desk.Turn(request)));
        bridge.On<Sources>((_, _, _) => ValueTask.FromResult<object?>(new SourceList(SourceFactory.List())));
        bridge.On<Shown>((_, page, _) =>
        {
            if (_viewers.TryGetValue(page, out PageViewer? viewer)) viewer.Window.Acknowledged();
            return ValueTask.FromResult<object?>(null);
        });
        _lane = bridge.Lane("tiles", ReceiveFromPageAsync);
        bridge.OnConnected(page => Welcome(page, _lane));
        bridge.OnDisconnected(page => _viewers.TryRemove(page, out _));
    }

    private void Welcome(IPage page, IBinaryLane lane)
    {
        var viewer = new PageViewer(page, lane, Desk);
        _viewers[page] = viewer;
        page.Send(Desk.Sharing);
        _relay.Welcome(page);
        _work.Run("tiles to a page", new TileFeed(_stage, viewer, viewer.Window).RunAsync, page.Closed);
    }

    private async ValueTask ReceiveFromPageAsync(IPage page, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        // Frames that were under way when the presentation ended are of no use to anybody.
        if (Desk.Current is not { Browser: { } browser } presenting || browser.Page != page) return;
        if (!PageFrame.Is(frame.Span)) browser.Receive(presenting.Picture, frame);
        else if (presenting.Channel is { } channel) await channel.Channel.SendAsync(new Frame(FrameKind.Binary, frame.ToArray()), cancellationToken).ConfigureAwait(false);
    }

    private void Configure(MessageChannel channel)
    {
        var listener = new HubListener(channel, _stage, Desk, _options.Current.MaxPictureMiB * 1024L * 1024);
        bool first = true;
        channel
            .On<Presenter>(who =>
            {
                listener.Hear(who);
                if (first && who.Id is null) PresentByItself();
                first = false;
            })
            .On<Shown>(_ => Desk.Current?.Acknowledged())
            .On<Ended>(ended => _work.Run("ending the presentation", token => Desk.EndAsync(ended.Reason, token)))
            .OnBinary((frame, token) => PageFrame.Is(frame.Span) ? ShowPage(frame) : listener.ReceiveAsync(frame, token));
        _relay.Listen(channel);
    }

    /// <summary>A page of slides that a page has asked for: who has not asked ignores it.</summary>
    private ValueTask ShowPage(ReadOnlyMemory<byte> frame)
    {
        _lane.Publish(frame);
        return ValueTask.CompletedTask;
    }

    private void Closed()
    {
        _relay.Forget();
        _stage.Clear();
        _work.Run("waiting for the connection", Desk.AwaitReturnAsync);
    }

    private void PresentByItself()
    {
        if (!_options.Current.AutoPresent || Desk.Current is not null || SourceSpec.Parse(_options.Current.Source) is not { Kind: SourceKind.File or SourceKind.Device } source)
            return;
        _work.Run("presenting by itself", async token =>
        {
            try
            {
                await Desk.PresentAsync(source, null, takeOver: false, token).ConfigureAwait(false);
            }
            catch (UserErrorException e)
            {
                ScreenLog.AutoPresentFailed(log, e.Message);
            }
        });
    }
}
