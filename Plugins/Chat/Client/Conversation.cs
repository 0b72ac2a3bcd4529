using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>The room's lines on their way to the pages: each page sees the newest page of history, then every line once and in order.</summary>
internal sealed class Conversation
{
    private const int FirstPage = 100, CatchUpPage = 200, Kept = 200;

    private readonly Lock _gate = new();
    private readonly IBridge _bridge;
    private readonly LineFeed _feed = new();
    private readonly List<Said> _recent = [];
    private Member? _self;
    private bool _more;

    public Conversation(IBridge bridge)
    {
        _bridge = bridge;
        bridge.OnConnected(page => { lock (_gate) if (Snapshot() is { } loaded) page.Send(loaded); });
    }

    /// <summary>Where lines go to: the room, and the history that it has; null before the first one was entered.</summary>
    public Home? Home { get; private set; }

    /// <summary>A channel to the hub has opened.</summary>
    public void Enter(Peer self)
    {
        lock (_gate)
        {
            bool same = Home?.Room == self.Room && _self?.Name == self.Name;
            _self = new Member(self.Id, self.Name);
            if (!same) Begin(new Home(self.Room, Store: null), keepEarly: false);
        }
    }

    /// <summary>A line, or (null) the number of a line between others. True when something before it is missing.</summary>
    public bool Take(long seq, Said? line)
    {
        lock (_gate)
        {
            foreach (Said ready in _feed.Take(seq, line)) Tell(ready);
            return _feed.HasGap;
        }
    }

    /// <summary>What to ask the hub for, or null when nothing is missing.</summary>
    /// <param name="always">Ask in any case: lines may have been said while there was no channel.</param>
    public History? Missing(bool always)
    {
        lock (_gate)
        {
            if (_feed.Last is not { } last) return new History(Limit: FirstPage);
            return always || _feed.HasGap ? new History(After: last, Limit: CatchUpPage) : null;
        }
    }

    /// <summary>The hub's answer. True when more has to be asked for.</summary>
    public bool Fill(History asked, HistoryOk page)
    {
        lock (_gate)
        {
            bool other = Home!.Store is { } store && store != page.Store;
            if (other) Begin(Home with { Store = page.Store }, keepEarly: true);
            if (other && asked.After is not null) return true;
            Home = Home with { Store = page.Store };
            bool first = _feed.Last is null;
            // Lines that were said since this person came are told as such, even when the first page of history has them too.
            long live = first ? _feed.FirstEarly ?? long.MaxValue : 0;
            // An upward page that ends early is complete only to its last line.
            bool unfinished = asked.After is not null && page.More;
            IReadOnlyList<Said> ready = _feed.Fill(page.Items, unfinished ? page.Items[^1].Seq : page.Last);
            if (first) Load(ready.Where(line => line.Seq < live), page.More);
            foreach (Said line in ready.Where(line => line.Seq >= live)) Tell(line);
            return unfinished || _feed.HasGap;
        }
    }

    private void Begin(Home home, bool keepEarly)
    {
        Home = home;
        _recent.Clear();
        _feed.Restart(keepEarly);
    }

    private void Load(IEnumerable<Said> lines, bool more)
    {
        _more = more;
        foreach (Said line in lines) Keep(line);
        _bridge.Publish(Snapshot()!);
    }

    private void Tell(Said line)
    {
        Keep(line);
        _bridge.Publish(line);
    }

    private void Keep(Said line)
    {
        _recent.Add(line);
        if (_recent.Count <= Kept) return;
        _recent.RemoveAt(0);
        _more = true;
    }

    private HistoryLoaded? Snapshot() => _feed.Last is null ? null : new(Home!.Room, _self!, [.. _recent], _more);
}

/// <summary>Where a line belongs: it is never sent to another room, or to another hub that has a room of that name.</summary>
/// <param name="Room">The room.</param>
/// <param name="Store">The hub's history, null until it has told its name.</param>
internal sealed record Home(string Room, string? Store)
{
    /// <summary>True when a line for here may be sent there.</summary>
    public bool Leads(Home there) => Room == there.Room && (Store is null || Store == there.Store);
}
