using System.Composition;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Session;

/// <summary>The hub's half: the door, the rooms, the watchdog.</summary>
/// <param name="admissions">The shell's door.</param>
/// <param name="log">The plugin's log.</param>
/// <param name="time">The clock; only its monotonic side is used.</param>
[Export(typeof(IServerPlugin)), Export(typeof(ISessions)), Shared]
[method: ImportingConstructor]
public sealed class SessionServer(IAdmissions admissions, ILogger log, TimeProvider time) : IServerPlugin, ISessions, IRosterListener, IAsyncDisposable
{
    /// <summary>The watchdog's tick: how late it may notice.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private Roster? _roster;
    private ITimer? _watchdog;

    /// <inheritdoc />
    public event Action<Peer> Joined = delegate { };

    /// <inheritdoc />
    public event Action<Peer> Changed = delegate { };

    /// <inheritdoc />
    public event Action<Peer> Left = delegate { };

    /// <inheritdoc />
    public IReadOnlyCollection<string> Rooms => _roster?.Rooms ?? [];

    /// <inheritdoc />
    public IReadOnlyList<Peer> Members(string room) => _roster?.Members(room) ?? [];

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken)
    {
        SessionOptions options = context.Options<SessionOptions>().Checked();
        var roster = new Roster(options, admissions, this, log, time);
        _roster = roster;
        context.MapStream(SessionProtocol.Service, async (channel, token) =>
        {
            using var connection = new ControlConnection(channel, roster, options, log, time);
            await connection.RunAsync(token).ConfigureAwait(false);
        });
        _watchdog = time.CreateTimer(_ => Watch(roster), null, Tick, Tick);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _watchdog?.DisposeAsync() ?? ValueTask.CompletedTask;

    void IRosterListener.Joined(Peer peer) => Tell(Joined, peer);

    void IRosterListener.Changed(Peer peer) => Tell(Changed, peer);

    void IRosterListener.Left(Peer peer) => Tell(Left, peer);

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
