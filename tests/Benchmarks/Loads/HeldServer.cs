using System.Net;
using LanCollab.Host.Datagrams;
using LanCollab.Host.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Benchmarks.Loads;

/// <summary>
/// A real UDP service whose receive loop is held until a burst waits in its socket: sending and receiving are measured apart, the latter on
/// the loop's own thread.
/// </summary>
internal sealed class HeldServer : IAsyncDisposable
{
    private const string Service = "bench";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly AdmissionDesk _desk = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _release = new(false);
    private readonly DatagramHandler _handler;
    private readonly DatagramServer _server;
    private readonly IPEndPoint _endpoint;
    private TaskCompletionSource _held = new();
    private TaskCompletionSource<Cost> _done = new();
    private Cost _start;
    private int _left;

    public HeldServer(Func<IServerDatagrams, DatagramHandler> handler)
    {
        _server = new DatagramServer("bench", new DatagramService(Service, 0), Receive, _desk, NullLogger.Instance);
        _handler = handler(_server);
        _endpoint = _server.Bind(new IPEndPoint(IPAddress.Loopback, 0), "");
        _server.Start(_stop.Token);
    }

    public UdpClient Join(Peer peer) => new(_desk.Admit(peer), Service, _endpoint);

    /// <summary>Sends a burst that the socket's buffer has room for, then lets it be received.</summary>
    public Task<(Cost Sending, Cost Receiving)> BurstAsync(UdpClient from, byte[] payload, int count) => BurstAsync(from, [.. Enumerable.Repeat(payload, count)]);

    /// <summary>Likewise, with payloads that differ.</summary>
    public async Task<(Cost Sending, Cost Receiving)> BurstAsync(UdpClient from, IReadOnlyList<byte[]> payloads)
    {
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _left = payloads.Count;
        from.Send([]);
        await _held.Task.WaitAsync(Patience);
        Cost before = Cost.Now;
        foreach (byte[] payload in payloads) from.Send(payload);
        Cost sending = Cost.Now - before;
        _release.Set();
        return (sending, await _done.Task.WaitAsync(Patience));
    }

    private void Receive(Peer from, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) Hold();
        else
        {
            _handler(from, payload);
            if (--_left == 0) _done.SetResult(Cost.Now - _start);
        }
    }

    private void Hold()
    {
        _held.SetResult();
        _release.WaitOne();
        _start = Cost.Now;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.StopAsync();
        _stop.Dispose();
        _release.Dispose();
    }
}
