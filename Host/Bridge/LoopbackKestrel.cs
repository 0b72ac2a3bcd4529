using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LanCollab.Host.Bridge;

/// <summary>Kestrel on sockets that are open already.</summary>
internal static class LoopbackKestrel
{
    private const int MaxBody = 4 * 1024; // Only the bridge's key comes without a handler; handlers lift it.

    public static KestrelServer Create(LoopbackSockets sockets, ILoggerFactory loggers)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        foreach (IPAddress address in sockets.Addresses) kestrel.Listen(address, sockets.Port, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportOptions { CreateBoundListenSocket = endpoint => sockets[((IPEndPoint)endpoint).Address] };
        return new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(transport), loggers), loggers);
    }
}
