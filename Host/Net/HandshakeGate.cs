using System.Net;

namespace LanCollab.Host.Net;

/// <summary>How many connections that have not said who they are have a handshake at a time, and how many more wait for theirs.</summary>
internal readonly record struct HandshakeLimits(int Most, int MostPerAddress, int MostWaiting);

/// <summary>
/// Lets so many handshakes run at a time, in all and for each address; the rest wait in one line for each address, and the lines take turns: five hundred
/// people who come at once all come in, and a flood from one address waits behind itself. No line may be longer than the places that are left over all
/// lines, so that there is always room for one more address.
/// </summary>
/// <param name="limits">Asked each time: they may change while the server runs.</param>
/// <param name="time">For the end of the waiting.</param>
internal sealed class HandshakeGate(Func<HandshakeLimits> limits, TimeProvider time)
{
    /// <summary>Clients give up after this time themselves.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Line> _lines = [];
    private readonly Queue<Line> _turns = new();
    private int _inside;
    private int _waiting;

    public HandshakeGate(int most, int mostPerAddress) : this(() => new(most, mostPerAddress, 8192), TimeProvider.System) { }

    private sealed class Line(IPAddress address)
    {
        public IPAddress Address => address;

        public int Inside { get; set; }

        public Queue<TaskCompletionSource> Waiting { get; } = new();
    }

    /// <summary>Waits for a place; true must be followed by one <see cref="Leave"/>.</summary>
    /// <returns>False when too many wait already, or the place did not come within 10 s.</returns>
    public async ValueTask<bool> EnterAsync(IPAddress address, CancellationToken cancellationToken)
    {
        IPAddress key = Fold(address);
        if (TryEnter(key, out TaskCompletionSource? turn)) return true;
        if (turn is null) return false;
        try
        {
            await turn.Task.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The turn may have come in the very moment it was given up.
            if (!turn.TrySetCanceled(CancellationToken.None)) Leave(key);
            return false;
        }
    }

    public void Leave(IPAddress address)
    {
        lock (_lock)
        {
            Line line = _lines[Fold(address)];
            line.Inside--;
            _inside--;
            Forget(line);
            AdmitWaiting(limits());
        }
    }

    private bool TryEnter(IPAddress key, out TaskCompletionSource? turn)
    {
        HandshakeLimits now = limits();
        lock (_lock)
        {
            turn = null;
            if (!_lines.TryGetValue(key, out Line? line)) _lines[key] = line = new Line(key);
            if (line.Waiting.Count == 0 && HasPlace(line, now)) return Admit(line);
            if (line.Waiting.Count >= now.MostWaiting - _waiting) return Forget(line);
            if (line.Waiting.Count == 0) _turns.Enqueue(line);
            line.Waiting.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiting++;
            return false;
        }
    }

    /// <summary>One from each line in turn, for as long as there are places.</summary>
    private void AdmitWaiting(HandshakeLimits now)
    {
        for (int passed = 0; passed < _turns.Count && _inside < now.Most;)
        {
            Line line = _turns.Dequeue();
            bool admitted = HasPlace(line, now) && AdmitFirst(line);
            passed = admitted ? 0 : passed + 1;
            if (line.Waiting.Count > 0) _turns.Enqueue(line);
            else Forget(line);
        }
    }

    private bool AdmitFirst(Line line)
    {
        while (line.Waiting.TryDequeue(out TaskCompletionSource? turn))
        {
            _waiting--;
            if (turn.TrySetResult()) return Admit(line);
        }
        return false;
    }

    private bool HasPlace(Line line, HandshakeLimits now) => _inside < now.Most && line.Inside < now.MostPerAddress;

    private bool Admit(Line line)
    {
        line.Inside++;
        _inside++;
        return true;
    }

    private bool Forget(Line line)
    {
        if (line.Inside == 0 && line.Waiting.Count == 0) _lines.Remove(line.Address);
        return false;
    }

    /// <summary>An IPv4 address that came over an IPv6 socket is the same address.</summary>
    private static IPAddress Fold(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
