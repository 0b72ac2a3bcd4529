using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// The room's lines and changes on their way to the pages: each page sees the newest page of history, then everything once and in order.
/// </summary>
internal sealed class Conversation
{
    private const int FirstPage = 100, CatchUpPage = 200, Kept = 200, MaxMissed = 50;

    private readonly Lock _gate = new();
    private readonly IBridge _bridge;
    private readonly ReadMarks _marks;
    private readonly Func<Home, OutboxState> _outbox;
    private readonly LineFeed _feed = new();
    private readonly List<Said> _recent = [];
    private IReadOnlyList<Said>? _missed;
    private DateTimeOffset? _lost;
    private long? _read;
    private Member? _self;
    private Allowed? _allowed;
    private bool _more;

    /// <param name="bridge">Where the pages are.</param>
    /// <param name="marks">How far this person has read.</param>
    /// <param name="outbox">What waits for a room.</param>
    public Conversation(IBridge bridge, ReadMarks marks, Func<Home, OutboxState> outbox)
    {
        (_bridge, _marks, _outbox) = (bridge, marks, outbox);
        bridge.OnConnected(page =>
        {
            lock (_gate)
                if (Snapshot() is { } loaded)
                {
                    page.Send(loaded);
                    page.Send(_outbox(Home!));
                    if (_allowed is not null) page.Send(_allowed);
                }
        });
    }

    /// <summary>Where lines go to: the room, and the history that it has; null before the first one was entered.</summary>
    public Home? Home { get; private set; }

    /// <summary>A channel to the hub has opened.</summary>
    public void Enter(Peer self)
    {
        lock (_gate)
        {
            bool same = Home?.Room == self.Room && _self?.Name == self.Name;
            _self = new Member(self.Id, self.Name, _self?.Person ?? "");
            if (!same) Begin(new Home(self.Room, Store: null), keepEarly: false);
        }
    }

    /// <summary>A line or a change, or (null) the number of one between others. True when something before it is missing.</summary>
    public bool Take(long seq, INews? news)
    {
        lock (_gate)
        {
            foreach (INews ready in _feed.Take(seq, news)) Tell(ready);
            return _feed.HasGap;
        }
    }

    /// <summary>What to ask the hub for, or null when nothing is missing.</summary>
    /// <param name="always">Ask in any case: something may have been said while there was no channel.</param>
    public History? Missing(bool always)
    {
        lock (_gate)
        {
            if (_feed.Last is not { } last) return new History(Limit: FirstPage);
            return always || _feed.HasGap ? new History(After: last, Limit: CatchUpPage) : null;
        }
    }

    /// <summary>What to ask for besides, before a first page is given to <see cref="Fill"/>: direct lines that came long before it and were not read.</summary>
    public History? MissedBefore(HistoryOk first)
    {
        lock (_gate)
        {
            if (_feed.Last is not null || !first.More || first.Items is not [{ Seq: var oldest }, ..]) return null;
            long? read = _marks.Read(Home! with { Store = first.Store });
            return read < oldest - 1 ? new History(After: read, Before: oldest, Limit: MaxMissed, Direct: true) : null;
        }
    }

    /// <summary>The hub's answer. True when more has to be asked for.</summary>
    public bool Fill(History asked, HistoryOk page, IReadOnlyList<Said>? missed = null)
    {
        lock (_gate)
        {
            bool other = Home!.Store is { } store && store != page.Store;
            if (other) Begin(Home with { Store = page.Store }, keepEarly: true);
            if (other && asked.After is not null) return true;
            Home = Home with { Store = page.Store };
            _self = page.Self ?? _self;
            _lost = page.Lost;
            return _feed.Last is null ? Open(page, missed) : CatchUp(asked, page);
        }
    }

    private bool Open(HistoryOk page, IReadOnlyList<Said>? missed)
    {
        // Lines that were said since this person came are told as such, even when the first page of history has them too.
        long live = _feed.FirstEarly ?? long.MaxValue;
        IReadOnlyList<INews> ready = _feed.Fill(page.Items, page.Last);
        _more = page.More;
        _missed = missed?.Where(line => line.ToPerson == _self!.Person && line.Person != _self.Person).ToArray() is { Length: > 0 } lines ? lines : null;
        _read = _marks.Read(Home!);
        if (_read is null) _marks.Mark(Home!, page.Last);
        foreach (Said line in ready.Where(news => news.Seq < live).OfType<Said>()) Keep(line);
        _bridge.Publish(Snapshot()!);
        _bridge.Publish(_outbox(Home!));
        foreach (INews news in ready.Where(news => news.Seq >= live)) Tell(news);
        return _feed.HasGap;
    }

    private bool CatchUp(History asked, HistoryOk page)
    {
        INews[] news = [.. page.Items.Concat<INews>(page.Changes ?? []).OrderBy(one => one.Seq)];
        foreach (INews ready in _feed.Fill(news, asked.After is not null ? page.Through ?? page.Last : page.Last)) Tell(ready);
        return (asked.After is not null && page.More) || _feed.HasGap;
    }

    /// <summary>The hub has told what this person may do.</summary>
    public void Allow(Allowed allowed)
    {
        lock (_gate)
        {
            _allowed = allowed;
            _bridge.Publish(allowed);
        }
    }

    /// <summary>Everything up to here was seen on a page.</summary>
    public void Read(long seq)
    {
        lock (_gate)
        {
            if (Home is not { Store: not null } home || _feed.Last is not { } last) return;
            _read = Math.Min(Math.Max(seq, _read ?? 0), last);
            _missed = null;
            _marks.Mark(home, _read.Value);
        }
    }

    private void Begin(Home home, bool keepEarly)
    {
        Home = home;
        _recent.Clear();
        _missed = null;
        _feed.Restart(keepEarly);
    }

    private void Tell(INews news)
    {
        if (news is Said line) Keep(line);
        if (news is Changed change) Fold(change);
        _bridge.Publish(news);
    }

    private void Keep(Said line)
    {
        _recent.Add(line);
        if (_recent.Count <= Kept) return;
        _recent.RemoveAt(0);
        _more = true;
    }

    private void Fold(Changed change)
    {
        for (int i = 0; i < _recent.Count; i++) _recent[i] = _recent[i].With(change).WithQuoted(change);
    }

    private HistoryLoaded? Snapshot() => _feed.Last is null ? null : new(Home!.Room, _self!, [.. _recent], _more, _read, _missed, _lost);
}

/// <summary>Where a line belongs: it is never sent to another room, or to another hub that has a room of that name.</summary>
/// <param name="Room">The room.</param>
/// <param name="Store">The hub's history, null until it has told its name.</param>
internal sealed record Home(string Room, string? Store)
{
    /// <summary>True when a line for here may be sent there.</summary>
    public bool Leads(Home there) => Room == there.Room && (Store is null || Store == there.Store);
}
