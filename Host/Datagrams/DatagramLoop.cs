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
    private const int Longest = 2048; // bytes, where each datagram comes alone; what is longer is cut off and no datagram of ours

    /// <summary>Runs until <paramref name="socket"/> is disposed, which wakes the thread up; a cancelled token only keeps it from taking more.</summary>
    public static Task RunAsync(Socket socket, string service, DatagramArrived arrived, ILogger log, CancellationToken stopping)
    {
        bool joined = JoinedReceive.TryEnable(socket);
        return Task.Factory.StartNew(() => Run(socket, joined, service, arrived, log, stopping), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Run(Socket socket, bool joined, string service, DatagramArrived arrived, ILogger log, CancellationToken stopping)
    {
        Thread.CurrentThread.Name = $"udp {service}";
        byte[] buffer = new byte[joined ? JoinedReceive.Longest : Longest];
        var from = new SocketAddress(socket.AddressFamily);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int each = 0, size = joined ? JoinedReceive.Receive(socket, buffer, from, out each) : socket.ReceiveFrom(buffer, SocketFlags.None, from);
                if (!joined) each = size;
                // None for an empty datagram, which is none of ours.
                for (int at = 0; at < size && !stopping.IsCancellationRequested; at += each) arrived(buffer.AsSpan(at, Math.Min(each, size - at)), from);
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
