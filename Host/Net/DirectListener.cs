using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Net;

/// <summary>
/// Takes other clients' channels for one service: TLS with both sides' certificates and the first frame within their time limits, then the plugin is
/// asked. Trouble with one caller ends that caller's connection and nothing else.
/// </summary>
internal sealed class DirectListener
{
    private const int MostHandshakes = 32;
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    private readonly StreamService _service;
    private readonly Func<DirectCaller, bool> _admit;
    private readonly Func<DirectCaller, IChannel, CancellationToken, Task> _handler;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SslServerAuthenticationOptions _handshake;
    private readonly HandshakeGate _gate = new(MostHandshakes, MostHandshakes);
    private readonly AcceptLoop _accepting;

    // Never disposed: channels that end ask it after the stop, and without a timer there is nothing to free.
    private readonly CancellationTokenSource _stop = new();

    public DirectListener(
        StreamService service, Socket socket, SslStreamCertificateContext certificate, Func<DirectCaller, bool> admit,
        Func<DirectCaller, IChannel, CancellationToken, Task> handler, TimeProvider time, ILogger log)
    {
        (_service, _admit, _handler, _time, _log) = (service, admit, handler, time, log);
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13 | SslProtocols.Tls12,
            // A resumed session shows no certificate, and that is what a caller is known by.
            AllowTlsResume = false,
            // Any will do that its owner has the key of: whether this one may come in is asked next.
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };
        _accepting = new AcceptLoop(service.Name, ServeAsync, time, log, _stop.Token);
        _accepting.Start(socket);
    }

    public int Port { get; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.StopAsync().ConfigureAwait(false);
    }

    private async Task ServeAsync(Socket accepted)
    {
        string remote = "?";
        try
        {
            using (accepted)
            {
                var endpoint = (IPEndPoint)accepted.RemoteEndPoint!;
                remote = endpoint.ToString();
                if (!await _gate.EnterAsync(endpoint.Address, _stop.Token).ConfigureAwait(false)) return;
                DirectCaller caller;
                FrameChannel channel;
                try
                {
                    (caller, channel) = await AdmitAsync(accepted, endpoint).ConfigureAwait(false);
                }
                finally
                {
                    _gate.Leave(endpoint.Address);
                }
                await using (channel.ConfigureAwait(false)) await HandleAsync(caller, channel).ConfigureAwait(false);
            }
        }
        // Whatever one caller does wrong, or a fault in serving it, ends that connection; strangers can cause it, so it is told at debug.
        catch (Exception e)
        {
            HostLog.DirectEnded(_log, _service.Name, remote, e.Message);
        }
    }

    private async Task<(DirectCaller Caller, FrameChannel Channel)> AdmitAsync(Socket accepted, IPEndPoint remote)
    {
        using var limit = new CancellationTokenSource(HandshakeTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        SocketTuning.Apply(accepted);
        var tls = new SslStream(new NetworkStream(accepted, ownsSocket: true));
        FrameChannel? channel = null;
        try
        {
            await tls.AuthenticateAsServerAsync(_handshake, either.Token).ConfigureAwait(false);
            string fingerprint = ServerIdentity.Fingerprint(tls.RemoteCertificate!);
            channel = new FrameChannel(tls, remote, FrameLimits.Hello, atHub: false, _time);
            return (await GreetAsync(channel, fingerprint, either.Token).ConfigureAwait(false), channel);
        }
        catch (Exception e)
        {
            channel?.Close(e.Message);
            if (channel is not null) await channel.DisposeAsync().ConfigureAwait(false);
            else await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<DirectCaller> GreetAsync(FrameChannel channel, string fingerprint, CancellationToken cancellationToken)
    {
        Frame first = await channel.ReceiveAsync(cancellationToken).ConfigureAwait(false) ?? throw new ProtocolErrorException("closed before saying hello");
        Hello hello = HelloJson.ReadHello(first);
        var caller = new DirectCaller(channel.Remote.Address, fingerprint, hello.Token ?? "");
        bool welcome = hello.Version == Hello.CurrentVersion && hello.Feature == _service.Name && _admit(caller);
        // One answer for everything that is wrong: a stranger learns nothing of what there is.
        channel.TryPost(HelloJson.Encode(welcome ? new Welcome(Hello.CurrentVersion) : new Welcome(Hello.CurrentVersion, "bad-token", "This client does not let you in.")));
        if (!welcome) throw new ProtocolErrorException("it was not let in");
        channel.MaxPayload = _service.MaxFrame;
        return caller;
    }

    private async Task HandleAsync(DirectCaller caller, FrameChannel channel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(channel.Closed, _stop.Token);
        await _handler(caller, channel, either.Token).ConfigureAwait(false);
    }
}
