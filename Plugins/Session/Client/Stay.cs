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
internal sealed record StayTools(IServerLink Link, RoomView View, string Device, ILogger Log, TimeProvider Time);

/// <summary>One stay in a room, from join to leave, over as many connections as it takes.</summary>
internal sealed class Stay(Wish wish, StayTools tools) : IAsyncDisposable
{
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(6), FarewellLimit = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> Passing = ["unreachable", "connection-lost", "throttled", "room-full", "too-many-rooms"];

    // A hub that is started again has everybody back within 10 s, however long it was away.
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    private ControlLink? _control;
    private Entered? _entered;
    private Dismissed? _dismissed;
    private bool _away;

    /// <summary>What was wished for.</summary>
    public Wish Wish => wish;

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

    /// <inheritdoc />
    public ValueTask DisposeAsync() => HangUpAsync();

    private async Task ServeAsync(ControlLink control, CancellationToken cancellationToken)
    {
        string reason = await control.ServeAsync(_entered!.Heartbeat, cancellationToken).ConfigureAwait(false);
        if (_dismissed is { Reason: LeaveReason.Replaced } replaced) throw new UserErrorException("replaced", replaced.Text);
        SessionLog.ConnectionBroke(tools.Log, wish.Server, _dismissed?.Text ?? reason);
        tools.View.Reconnect(_dismissed?.Text ?? reason);
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
                wait = e.RetryAfter ?? _backoff.Next();
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
        _dismissed = null;
        ControlLink control = await ControlLink.DialAsync(tools.Link, wish.Server, Listen, tools.Log, tools.Time, cancellationToken).ConfigureAwait(false);
        try
        {
            if (!await ResumeAsync(control, cancellationToken).ConfigureAwait(false))
                await control.AskAsync(new Enter(wish.Room, wish.Name, tools.Device, wish.Password), cancellationToken).ConfigureAwait(false);
            if (_away) await control.AskAsync(new SetAway(true), cancellationToken).ConfigureAwait(false);
            _backoff.Reset();
            SessionLog.InRoom(tools.Log, wish.Room, wish.Name, wish.Server);
            return control;
        }
        catch
        {
            await control.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> ResumeAsync(ControlLink control, CancellationToken cancellationToken)
    {
        if (_entered is null) return false;
        try
        {
            await control.AskAsync(new ResumeSeat(_entered.Resume), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (UserErrorException e) when (e.Code == "unknown-seat")
        {
            // The hub was restarted, or gave the seat up while it could not hear us: ask for a new one.
            _entered = null;
            return false;
        }
    }

    private void Listen(MessageChannel messages) => messages
        .On<Entered>(entered => Sit(messages.Channel, entered))
        .On<MemberJoined>(tools.View.Add)
        .On<MemberLeft>(tools.View.Remove)
        .On<MemberChanged>(tools.View.Change)
        .On<Dismissed>(dismissed => { _dismissed = dismissed; });

    private void Sit(IChannel channel, Entered entered)
    {
        // Refused when the connection has just broken: then the seat must not look established, or a resume would leave the channels closed.
        if (entered.Admission is { } admission)
            tools.Link.Establish(channel, new Peer(entered.Self.Id, entered.Self.Name, entered.Room), admission);
        _entered = entered;
        tools.View.Enter(entered);
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
