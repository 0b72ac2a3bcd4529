using System.Composition;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>The daemon's half: joins, keeps the seat, tells the pages.</summary>
/// <param name="link">The shell's way to a hub.</param>
/// <param name="log">The plugin's log.</param>
/// <param name="time">The clock.</param>
[Export(typeof(IClientPlugin)), Shared]
[method: ImportingConstructor]
public sealed class SessionClient(IServerLink link, ILogger log, TimeProvider time) : IClientPlugin, IDisposable
{
    // One join or leave at a time, whichever page it comes from.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private IClientContext _context = null!;
    private StayTools _tools = null!;
    private RunningStay? _stay;

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        _ = context.Options<SessionOptions>();
        _context = context;
        IBridge bridge = context.Bridge(SessionProtocol.Messages);
        var view = new RoomView(bridge);
        _tools = new StayTools(link, view, DeviceSecret.LoadOrCreate(context.DataDirectory, link.KnownServers.Select(server => server.Fingerprint), log), context.Watch<SessionOptions>(), log, time);
        bridge.OnConnected(view.Show);
        bridge.On<JoinRoom>(async (request, _, token) => await JoinAsync(request, token).ConfigureAwait(false));
        bridge.On<Leave>(async (_, _, token) => { await LeaveAsync(token).ConfigureAwait(false); return null; });
        bridge.On<SetAway>(async (request, _, token) => { await SetAwayAsync(request.Away, token).ConfigureAwait(false); return null; });
        PassOn(bridge);
        ServerNews.Start(bridge, link);
        if (link.AutoJoin is { Room: { } room, Name: { } name } auto)
            _stay = Begin(new Stay(new Wish(IServerLink.Auto, room, name, auto.Password, Patient: true), _tools));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>What the hub decides.</summary>
    private void PassOn(IBridge bridge)
    {
        bridge.On<SetHand>((m, _, token) => AskAsync(m, token));
        bridge.On<SetRole>((m, _, token) => AskAsync(m, token));
        bridge.On<BeOperator>((m, _, token) => AskAsync(m, token));
        bridge.On<SetMuted>((m, _, token) => AskAsync(m, token));
        bridge.On<MuteAll>((m, _, token) => AskAsync(m, token));
        bridge.On<RemoveMember>((m, _, token) => AskAsync(m, token));
        bridge.On<LiftBan>((m, _, token) => AskAsync(m, token));
        bridge.On<SetRules>((m, _, token) => AskAsync(m, token));
        bridge.On<Admit>((m, _, token) => AskAsync(m, token));
        bridge.On<ListBans>(async (m, _, token) => await Stay.AskAsync<BanList>(m, token).ConfigureAwait(false));
        bridge.On<AskStats>(async (m, _, token) => await Stay.AskAsync<StatsList>(m, token).ConfigureAwait(false));
    }

    private Stay Stay => _stay?.Stay ?? throw new UserErrorException("not-joined", "You are in no room; join one first.");

    private async ValueTask<object?> AskAsync(object wish, CancellationToken cancellationToken) => await Stay.AskAsync(wish, cancellationToken).ConfigureAwait(false);

    private async Task<object> JoinAsync(JoinRoom request, CancellationToken cancellationToken)
    {
        string server = string.IsNullOrWhiteSpace(request.Server) ? IServerLink.Auto : request.Server.Trim();
        var wish = new Wish(server, request.Room, request.Name, string.IsNullOrEmpty(request.Password) ? null : request.Password, Patient: false);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A second page, or a script that does not know that the client joined by itself: it is there already.
            if (_tools.View is { IsConnected: true, Snapshot: { } present } && _stay?.Wish is { } kept && IsSame(kept, wish)) return present;
            await EndAsync().ConfigureAwait(false);
            return await BeginAsync(new Stay(wish, _tools), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<object> BeginAsync(Stay stay, CancellationToken cancellationToken)
    {
        try
        {
            await stay.JoinAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The hub may have seated us just when the page gave up.
            link.Drop("The join did not succeed.");
            _tools.View.Leave(null);
            throw;
        }
        _stay = Begin(stay);
        if (stay.WaitsBefore is { } room) return new Waiting(room);
        await link.ReadyAsync(cancellationToken).ConfigureAwait(false);
        return _tools.View.Snapshot ?? throw new UserErrorException("connection-lost", "The seat was lost in the moment it was given; join again.");
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SetAwayAsync(bool away, CancellationToken cancellationToken)
    {
        await Stay.SetAwayAsync(away, cancellationToken).ConfigureAwait(false);
    }

    private RunningStay Begin(Stay stay)
    {
        var running = new RunningStay(stay, _context.Stopping);
        _context.Run("stay in a room", _ => running.RunAsync());
        return running;
    }

    private async Task EndAsync()
    {
        if (_stay is not { } stay) return;
        _stay = null;
        await stay.EndAsync().ConfigureAwait(false);
    }

    private static bool IsSame(Wish one, Wish other) =>
        (one.Server, one.Room.Trim(), one.Name.Trim()) == (other.Server, other.Room.Trim(), other.Name.Trim());
}
