namespace LanCollab.Plugins.Session;

/// <summary>
/// What the pages see of the room. One lock around every change and its event: a page that connects in between gets a snapshot that
/// fits the events after it. Thread-safe.
/// </summary>
internal sealed class RoomView(IBridge bridge)
{
    public const string Connected = "connected", Waiting = "waiting", Reconnecting = "reconnecting", Disconnected = "disconnected";

    private readonly Lock _gate = new();
    private readonly List<Member> _members = [];
    private LinkState _state = new(Disconnected);
    private (Person Self, string Room)? _seat;
    private RoomRules _rules = new(false, false, false, 0);
    private Lobby _lobby = new([]);

    /// <summary>The room as it is now; null when in none.</summary>
    public Joined? Snapshot
    {
        get { lock (_gate) return Joined; }
    }

    /// <summary>True while the hub can be reached.</summary>
    public bool IsConnected
    {
        get { lock (_gate) return _state.State == Connected; }
    }

    private Joined? Joined => _seat is { } seat ? new Joined(seat.Self, seat.Room, [.. _members], _rules) : null;

    /// <summary>Draws the present state for a new page.</summary>
    public void Show(IPage page)
    {
        lock (_gate)
        {
            page.Send(_state);
            if (Joined is not { } joined) return;
            page.Send(joined);
            if (_lobby.Items.Count > 0) page.Send(_lobby);
        }
    }

    /// <summary>A seat, new or taken up again.</summary>
    /// <param name="entered">What the hub said.</param>
    /// <param name="note">What the person should know about it; null: nothing.</param>
    public void Enter(Entered entered, string? note)
    {
        lock (_gate)
        {
            _seat = (entered.Self, entered.Room);
            _rules = entered.Rules;
            _lobby = new([]);
            _members.Clear();
            _members.AddRange(entered.Members);
            Publish(new LinkState(Connected, note));
            bridge.Publish(Joined!);
        }
    }

    public void Add(MemberJoined joined) => Apply(joined, () => _members.Add(joined.Member));

    public void Remove(MemberLeft left) => Apply(left, () => _members.RemoveAll(member => member.Id == left.Id));

    public void Change(MemberChanged changed) => Apply(changed, () =>
    {
        int at = _members.FindIndex(member => member.Id == changed.Member.Id);
        if (at >= 0) _members[at] = changed.Member;
    });

    public void Keep(RulesChanged changed) => Apply(changed, () => _rules = changed.Rules);

    public void Knock(Lobby lobby) => Apply(lobby, () => _lobby = lobby);

    /// <summary>Before the door.</summary>
    public void Wait(string room)
    {
        lock (_gate) Publish(new LinkState(Waiting, $"You are waiting before {room}: a moderator has been asked to let you in."));
    }

    /// <summary>Out of reach; the room stays on the page.</summary>
    public void Reconnect(string reason)
    {
        lock (_gate) Publish(new LinkState(Reconnecting, reason));
    }

    /// <summary>In no room any more.</summary>
    public void Leave(string? reason)
    {
        lock (_gate)
        {
            _seat = null;
            _lobby = new([]);
            _members.Clear();
            Publish(new LinkState(Disconnected, reason));
        }
    }

    private void Apply(object news, Action change)
    {
        lock (_gate)
        {
            change();
            bridge.Publish(news);
        }
    }

    private void Publish(LinkState state)
    {
        if (state == _state) return;
        _state = state;
        bridge.Publish(state);
    }
}
