using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>Accepts connections on one socket, serves each on its own, and knows those that are served.</summary>
/// <param name="service">For the log.</param>
/// <param name="serve">Serves one; must not throw.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="stopping">Ends the accepting.</param>
internal sealed class AcceptLoop(string service, Func<Socket, Task> serve, TimeProvider time, ILogger log, CancellationToken stopping)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private Socket? _socket;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Begins; the socket listens already, and is this loop's from now on.</summary>
    public void Start(Socket socket) => (_socket, _accepting) = (socket, AcceptAsync(socket));

    /// <summary>Accepts nothing more and waits for those that are served.</summary>
    public async Task StopAsync()
    {
        _socket?.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await socket.AcceptAsync(stopping).ConfigureAwait(false));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            // Out of descriptors, a client that reset before it was accepted: nothing that should end the service.
            catch (SocketException e)
            {
                HostLog.AcceptFailed(log, service, e.Message);
                await Task.Delay(Pause, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Serve(Socket accepted)
    {
        Task connection = Task.Run(() => serve(accepted), CancellationToken.None);
        _connections[connection] = true;
        _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
