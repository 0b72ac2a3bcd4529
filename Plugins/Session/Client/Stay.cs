using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>What somebody wants: a seat in a room.</summary>
/// <param name="Server">host or host:port.</param>
/// <param name="Room">As typed.</param>
/// <param name="Name">As typed.</param>
/// <param name="Password">Or null.</param>
/// <param name="Patient">True when nobody watches, so that a name that is taken is waited for.</param>
internal sealed record Wish(string Server, string Room, string Name, string? Password, bool Patient);

/// <summary>What every stay of this client needs.</summary>
internal sealed record StayTools(IServerLink Link, RoomView View, DeviceSecret Devices, ILiveOptions<SessionOptions> Options, ILogger Log, TimeProvider Time);

/// <summary>One stay in a room, from join to leave, over as many connections as it takes.</summary>
internal sealed class Stay(Wish wish, StayTools tools) : IAsyncDisposable
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(6), FarewellLimit = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> Passing = ["unreachable", "connection-lost", "throttled", "room-full", "too-many-rooms", "room-locked", "lobby-full"];

    private readonly Patience _patience = new(() => tools.Options.Current.RedialWithin, tools.Time);
    private ControlLink? _control;
    private Claim? _claim;
    private Heartbeat? _heartbeat;
    private string? _note;
    private bool _away;

    /// <summary>What the hub needs to know this client's seat again.</summary>
    private sealed record Claim(string Resume, string Name, string Token);

    /// <summary>What was wished for.</summary>
    public Wish Wish => wish;

    /// <summary>The room that a moderator has not let this client into yet; null: it has a seat.</summary>
    public string? WaitsBefore { get; private set; }

    /// <summary>The first attempt, for somebody who waits for it.</summary>
    /// <exception cref="UserErrorException">Why not.</exception>
    public async Task JoinAsync(CancellationToken cancellationToken) => _control = await ConnectAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Keeps the seat until it is given back or refused for good; leaves in good order when the token ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                _control ??= await ReturnAsync(cancellationToken).ConfigureAwait(false);
                await ServeAsync(_control, cancellationToken).ConfigureAwait(false);
                await HangUpAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            SessionLog.GivenUp(tools.Log, wish.Room, wish.Server, e.Message);
            tools.Link.GiveUp(e.Message);
            End(e.Message);
        }
        finally
        {
            await HangUpAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Tells the room whether this person is looking.</summary>
    /// <exception cref="UserErrorException"><c>connection-lost</c>: not at the moment; it is told after the reconnection.</exception>
    public async Task SetAwayAsync(bool away, CancellationToken cancellationToken)
    {
        _away = away;
        if (_control is { } control) await control.AskAsync(new SetAway(away), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hands a wish of the page over to the hub.</summary>
    /// <exception cref="UserErrorException">The refusal, or <c>connection-lost</c>.</exception>
    public async Task<object?> AskAsync(object request, CancellationToken cancellationToken)
    {
        await Control.AskAsync(request, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>As <see cref="AskAsync(object, CancellationToken)"/>, for a reply that the page wants.</summary>
    public Task<object?> AskAsync<T>(object request, CancellationToken cancellationToken) where T : notnull => Control.AskAsync<T>(request, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => HangUpAsync();

    private ControlLink Control => _control ?? throw new UserErrorException("connection-lost", "The connection to the server was lost; try again in a moment.");

    private async Task ServeAsync(ControlLink control, CancellationToken cancellationToken)
    {
        string reason = await control.ServeAsync(_heartbeat!, cancellationToken).ConfigureAwait(false);
        if (control.Dismissed is { } dismissed)
        {
            if (dismissed.Reason is not (LeaveReason.Lost or LeaveReason.Closed)) throw new UserErrorException(dismissed.Reason, dismissed.Text);
            reason = dismissed.Text;
        }
        SessionLog.ConnectionBroke(tools.Log, wish.Server, reason);
        tools.View.Reconnect(reason);
        _patience.Begin(TimeSpan.FromMilliseconds(_heartbeat!.LostMs));
    }

    private async Task<ControlLink> ReturnAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait;
            try
            {
                return await ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (UserErrorException e) when (Passing.Contains(e.Code) || (wish.Patient && e.Code == "name-taken"))
            {
                wait = e.RetryAfter ?? _patience.Next();
                SessionLog.Retrying(tools.Log, wish.Room, wish.Server, e.Message, wait.TotalSeconds);
                tools.View.Reconnect(e.Message);
            }
            await Task.Delay(wait, tools.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ControlLink> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AttemptLimit, tools.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await ConnectWithinAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserErrorException("unreachable", $"The server {wish.Server} does not answer; check the address, and that it is running.");
        }
    }

    private async Task<ControlLink> ConnectWithinAsync(CancellationToken cancellationToken)
    {
        ControlLink control = await ControlLink.DialAsync(tools, wish.Server, Listen, cancellationToken).ConfigureAwait(false);
        try
        {
            string device = tools.Devices.For(tools.Link.FingerprintOf(control.Channel));
            if (!await ResumeAsync(control, device, cancellationToken).ConfigureAwait(false))
                await control.AskAsync(new Enter(wish.Room, wish.Name, device, wish.Password), cancellationToken).ConfigureAwait(false);
            if (_away && _claim is not null) await control.AskAsync(new SetAway(true), cancellationToken).ConfigureAwait(false);
            _patience.Reset();
            SessionLog.InRoom(tools.Log, wish.Room, wish.Name, wish.Server);
            return control;
        }
        catch
        {
            await control.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> ResumeAsync(ControlLink control, string device, CancellationToken cancellationToken)
    {
        if (_claim is not { } claim) return false;
        try
        {
            await control.AskAsync(new ResumeSeat(claim.Resume, device), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (UserErrorException e) when (e.Code == "unknown-seat")
        {
            // We were away for longer than the hub waits: ask for a new one.
            _claim = null;
            _note = "You were away for too long for your seat to be kept; you have entered anew.";
            return false;
        }
    }

    private void Listen(MessageChannel messages) => messages
        .On<Entered>(entered => Sit(messages.Channel, entered))
        .On<Waiting>(waiting => Knock(waiting))
        .On<MemberJoined>(tools.View.Add)
        .On<MemberLeft>(tools.View.Remove)
        .On<MemberChanged>(tools.View.Change)
        .On<RulesChanged>(tools.View.Keep)
        .On<Lobby>(tools.View.Knock);

    private void Sit(IChannel channel, Entered entered)
    {
        // Refused when the connection has just broken: then the seat must not look established, or a resume would leave the channels closed.
        if (_claim?.Token != entered.Admission.Token)
            tools.Link.Establish(channel, new Peer(entered.Self.Id, entered.Self.Name, entered.Room), entered.Admission);
        if (_claim is { } claim && claim.Name != entered.Self.Name) _note = $"Somebody else is called {claim.Name} now; you are {entered.Self.Name}.";
        (_heartbeat, WaitsBefore) = (entered.Heartbeat, null);
        _claim = new Claim(entered.Resume, entered.Self.Name, entered.Admission.Token);
        tools.View.Enter(entered, _note);
        _note = null;
    }

    private void Knock(Waiting waiting)
    {
        (_heartbeat, WaitsBefore) = (waiting.Heartbeat, waiting.Room);
        tools.View.Wait(waiting.Room);
    }

    private async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(FarewellLimit, tools.Time);
        try
        {
            if (_control is { } control) await control.AskAsync(new Leave(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UserErrorException or OperationCanceledException)
        {
            // The hub does not hear it: its watchdog will notice.
            SessionLog.ConnectionBroke(tools.Log, wish.Server, e.Message);
        }
        SessionLog.OutOfRoom(tools.Log, wish.Room);
        End(reason: null);
    }

    private void End(string? reason)
    {
        tools.Link.Drop(reason ?? "This client has left the room.");
        tools.View.Leave(reason);
    }

    private async ValueTask HangUpAsync()
    {
        if (Interlocked.Exchange(ref _control, null) is { } control) await control.DisposeAsync().ConfigureAwait(false);
    }
}
