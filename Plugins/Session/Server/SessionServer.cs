using System.Composition;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>The hub's half: the door, the rooms, the watchdog, what is kept over a restart.</summary>
/// <param name="admissions">The shell's door.</param>
/// <param name="log">The plugin's log.</param>
/// <param name="time">The clock; only its monotonic side is used.</param>
[Export(typeof(IServerPlugin)), Export(typeof(ISessions)), Shared]
[method: ImportingConstructor]
public sealed class SessionServer(IAdmissions admissions, ILogger log, TimeProvider time) : IServerPlugin, ISessions, IRosterListener, IAsyncDisposable
{
    /// <summary>The watchdog's tick: how late it may notice.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>So much before <see cref="SessionOptions.LostAfter"/> somebody is given up: a tick late, a moment for the news.</summary>
    internal static readonly TimeSpan Notice = 2 * Tick;

    private House? _house;
    private Keeper? _keeper;
    private ITimer? _watchdog;

    /// <inheritdoc />
    public event Action<Peer> Joined = delegate { };

    /// <inheritdoc />
    public event Action<Peer> Changed = delegate { };

    /// <inheritdoc />
    public event Action<Peer> Left = delegate { };

    /// <inheritdoc />
    public IReadOnlyCollection<string> Rooms => _house?.Names ?? [];

    /// <inheritdoc />
    public IReadOnlyList<Peer> Members(string room) => _house?.Members(room) ?? [];

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        ILiveOptions<SessionOptions> options = context.Watch<SessionOptions>();
        options.Current.Checked();
        var house = new House(options, admissions, this, log, time);
        var roster = new Roster(house, options, log, time, new BeatMeter(context.Meter, house));
        Keep(context, house);
        var tools = new DoorTools(roster, new Chair(house, roster, log), _keeper!, options, log, time);
        context.MapStream(SessionProtocol.Service, async (channel, token) =>
        {
            using var connection = new ControlConnection(channel, tools);
            await connection.RunAsync(token).ConfigureAwait(false);
        });
        _house = house;
        _watchdog = time.CreateTimer(_ => Watch(roster), null, Tick, Tick);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _watchdog?.DisposeAsync() ?? ValueTask.CompletedTask;

    void IRosterListener.Joined(Peer peer) => Tell(Joined, peer);

    void IRosterListener.Changed(Peer peer) => Tell(Changed, peer);

    void IRosterListener.Left(Peer peer) => Tell(Left, peer);

    void IRosterListener.Touched() => _keeper?.Touch();

    private void Keep(IServerContext context, House house)
    {
        var file = new KeptFile(context.DataDirectory, log);
        if (file.Load() is { } kept)
        {
            lock (house.Gate) kept.Restore(house);
            SessionLog.Restored(log, kept.Rooms.Count, kept.Rooms.Sum(room => room.Seats.Count));
        }
        _keeper = new Keeper(() => file.Save(Snapshot(house)), log);
        context.Run("keep the seats", _keeper.RunAsync);
    }

    private static KeptHouse Snapshot(House house)
    {
        lock (house.Gate) return KeptHouse.Of(house);
    }

    private void Watch(Roster roster)
    {
        try
        {
            roster.Watch();
        }
        catch (Exception e)
        {
            // On a timer's thread an exception would end the program, and without the watchdog nobody would be missed.
            SessionLog.WatchdogFailed(log, e);
        }
    }

    private void Tell(Action<Peer> listeners, Peer peer)
    {
        foreach (Action<Peer> listener in Delegate.EnumerateInvocationList(listeners))
        {
            try
            {
                listener(peer);
            }
            catch (Exception e)
            {
                // The contract forbids it; one plugin's fault must not keep the others from hearing.
                SessionLog.ListenerFailed(log, peer, e);
            }
        }
    }
}
