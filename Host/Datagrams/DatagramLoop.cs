using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Datagrams;

/// <summary>Takes a datagram; both are valid during the call only.</summary>
internal delegate void DatagramArrived(ReadOnlySpan<byte> datagram, SocketAddress from);

/// <summary>
/// Takes what comes to a socket, one datagram after the other, on a thread of its own that sleeps in the kernel in between. Threads of the pool spin for some
/// time before they sleep: at fifty packets a second and person that was half of the hub's processor time (docs/decisions/013).
/// </summary>
internal static class DatagramLoop
{
    private const int Longest = 2048; // bytes; what is longer is cut off and no datagram of ours

    /// <summary>Runs until <paramref name="socket"/> is disposed, which wakes the thread up; a cancelled token only keeps it from taking more.</summary>
    public static Task RunAsync(Socket socket, string service, DatagramArrived arrived, ILogger log, CancellationToken stopping) =>
        Task.Factory.StartNew(() => Run(socket, service, arrived, log, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Run(Socket socket, string service, DatagramArrived arrived, ILogger log, CancellationToken stopping)
    {
        Thread.CurrentThread.Name = $"udp {service}";
        byte[] buffer = new byte[Longest];
        var from = new SocketAddress(socket.AddressFamily);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int size = socket.ReceiveFrom(buffer, SocketFlags.None, from);
                if (!stopping.IsCancellationRequested) arrived(buffer.AsSpan(0, size), from);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            // The socket was disposed in the middle of the call.
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted or SocketError.NotSocket)
            {
                return;
            }
            // ICMP "port unreachable" of an end that has gone comes back as an error of the next receive.
            catch (SocketException e)
            {
                HostLog.DatagramSocket(log, service, e.Message);
            }
        }
    }
}
