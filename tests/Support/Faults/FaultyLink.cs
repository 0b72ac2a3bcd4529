using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace LanCollab.Tests.Support.Faults;

/// <summary>One proxied TCP connection: two sockets, and what lies between them.</summary>
internal sealed class FaultyLink
{
    private static readonly Direction[] Both = Enum.GetValues<Direction>();

    private readonly Socket _client, _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TcpFaultProxy _proxy;
    private readonly StreamFate _fate;
    private readonly DelayLine[] _lines;
    private readonly TaskCompletionSource _ownStall = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _carried;
    private int _struck;

    // The direction towards the end that has gone, or -1.
    private volatile int _gone = -1;

    public FaultyLink(Socket client, TcpFaultProxy proxy, long number)
    {
        (_client, _proxy, _fate) = (client, proxy, FaultDice.OfConnection(proxy.Options, number));
        client.NoDelay = true;
        _lines = [.. Both.Select(d => new DelayLine(new FaultDice(proxy.Options, d), () => proxy.Options))];
    }

    public Task Running { get; set; } = Task.CompletedTask;

    public void Reset()
    {
        foreach (Socket socket in (Socket[])[_client, _server]) Abort(socket);
    }

    /// <summary>Closes the end that <paramref name="toward"/> leads to; the other one goes on talking into the void.</summary>
    public void HalfOpen(Direction toward)
    {
        if (_gone >= 0) return;
        _gone = (int)toward;
        Abort(toward == Direction.ToServer ? _server : _client);
    }

    public async Task RunAsync(IPEndPoint server, CancellationToken stop)
    {
        try
        {
            await ConnectAsync(server, stop);
            await Task.WhenAll(Both.SelectMany(d => (Task[])[ReadAsync(d, stop), WriteAsync(d, stop)]));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken, by a fault or by its ends.
        }
        finally
        {
            Reset();
        }
    }

    private async Task ConnectAsync(IPEndPoint server, CancellationToken stop)
    {
        try
        {
            await _server.ConnectAsync(server, stop);
        }
        catch (Exception e) when (_gone >= 0 && e is (SocketException or ObjectDisposedException))
        {
            // Half-opened while connecting: the client must not notice that either.
        }
    }

    private async Task ReadAsync(Direction direction, CancellationToken stop)
    {
        Socket from = direction == Direction.ToServer ? _client : _server;
        try
        {
            await ReadAllAsync(from, direction, stop);
        }
        catch (Exception e) when (_gone >= 0 && e is (SocketException or ObjectDisposedException))
        {
            // The end that has gone. What was sent to the other before is under way still.
        }
        catch
        {
            Reset();
            throw;
        }
        finally
        {
            _lines[(int)direction].Complete();
        }
    }

    private async Task ReadAllAsync(Socket from, Direction direction, CancellationToken stop)
    {
        while (true)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(DelayLine.ChunkSize);
            int read = await from.ReceiveAsync(buffer.AsMemory(0, DelayLine.ChunkSize), SocketFlags.None, stop);
            if (read == 0) return;
            Strike(Interlocked.Add(ref _carried, read));
            if (_gone < 0) await _lines[(int)direction].AddAsync(buffer, read, stop);
        }
    }

    private async Task WriteAsync(Direction direction, CancellationToken stop)
    {
        Socket to = direction == Direction.ToServer ? _server : _client;
        try
        {
            await _lines[(int)direction].RunAsync(chunk => SendAsync(to, direction, chunk, stop), stop);
            if (_gone < 0) to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (_gone >= 0 && e is (SocketException or ObjectDisposedException))
        {
            // As above.
        }
        catch
        {
            Reset();
            throw;
        }
    }

    private async Task SendAsync(Socket to, Direction direction, ReadOnlyMemory<byte> chunk, CancellationToken stop)
    {
        await _proxy.PassAsync(direction, stop);
        if (_struck == 1 && _fate.Fault == StreamFault.Stall && _fate.Direction == direction) await _ownStall.Task.WaitAsync(stop);
        if (_gone != (int)direction) await to.SendAsync(chunk, SocketFlags.None, stop);
    }

    /// <summary>Its fate, once it has carried enough.</summary>
    private void Strike(long carried)
    {
        if (_fate.Fault == StreamFault.None || carried < _fate.AfterBytes || Interlocked.Exchange(ref _struck, 1) == 1) return;
        // Noted first: its ends look as soon as they feel it.
        _proxy.Struck(_fate);
        if (_fate.Fault == StreamFault.Reset) Reset();
        else if (_fate.Fault == StreamFault.HalfOpen) HalfOpen(_fate.Direction);
        else _ = Task.Delay(_fate.Duration).ContinueWith(_ => _ownStall.TrySetResult(), TaskScheduler.Default);
    }

    // Closing with linger time 0 sends RST instead of FIN.
    private static void Abort(Socket socket) => socket.Close(0);
}
