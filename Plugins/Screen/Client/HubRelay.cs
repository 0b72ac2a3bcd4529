using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>
/// What goes between the pages and the hub as it is: who waits for the stage, what people point at and draw, and slides. What is needed to draw
/// the present state is kept for pages that connect.
/// </summary>
internal sealed class HubRelay
{
    private readonly IBridge _bridge;
    private readonly Func<MessageChannel> _hub;
    private readonly Lock _gate = new();
    private readonly Board _board = new();
    private You? _you;
    private StageRequests _requests = new([]);
    private DeckState _deck = new("", 0, 0);

    public HubRelay(IBridge bridge, Func<MessageChannel> hub)
    {
        (_bridge, _hub) = (bridge, hub);
        Ask<AskForStage>();
        Ask<GrantStage>();
        Ask<HandOver>();
        Ask<ReleaseStage>();
        Ask<Draw>();
        Ask<UndoDrawing>();
        Ask<ClearDrawings>();
        Ask<DeckState>();
        Ask<AskForPage>();
        // Nobody waits for what fades by itself.
        bridge.On<Point>((point, _, _) => Pass(point));
    }

    /// <summary>Tells a page how things are.</summary>
    public void Welcome(IPage page)
    {
        lock (_gate)
        {
            if (_you is not null) page.Send(_you);
            page.Send(_requests);
            page.Send(_deck);
            page.Send(_board.All);
        }
    }

    /// <summary>Listens to a channel.</summary>
    public void Listen(MessageChannel channel)
    {
        Hear<You>(channel, you => _you = you);
        Hear<StageRequests>(channel, requests => _requests = requests);
        Hear<DeckState>(channel, deck => _deck = deck);
        Hear<Drawings>(channel, _board.Replace);
        Hear<Drawn>(channel, drawn => _board.Add(drawn));
        Hear<Erased>(channel, erased => _board.Erase(erased));
        Hear<Pointed>(channel, _ => { });
        Hear<Invited>(channel, _ => { });
    }

    /// <summary>The channel has gone: nothing is known until the next one tells it.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_you, _requests, _deck) = (null, new StageRequests([]), new DeckState("", 0, 0));
            _board.Erase(new Erased());
        }
    }

    private void Ask<T>() where T : notnull => _bridge.On<T>(async (message, _, token) =>
    {
        await _hub().RequestAsync(message, token).ConfigureAwait(false);
        return null;
    });

    private ValueTask<object?> Pass(Point point)
    {
        _hub().TryPost(point);
        return ValueTask.FromResult<object?>(null);
    }

    private void Hear<T>(MessageChannel channel, Action<T> keep) where T : notnull => channel.On<T>(message =>
    {
        lock (_gate)
        {
            keep(message);
            _bridge.Publish(message);
        }
    });
}
