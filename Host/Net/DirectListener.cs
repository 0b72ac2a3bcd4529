using System.Net;
using System.Net.Sockets;
using LanCollab.Contracts;
using LanCollab.Host.Net.Tls;
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
    private readonly ITlsServer _handshake;
    private readonly HandshakeGate _gate = new(MostHandshakes, MostHandshakes);
    private readonly AcceptLoop _accepting;

    // Never disposed: channels that end ask it after the stop, and without a timer there is nothing to free.
    private readonly CancellationTokenSource _stop = new();

    public DirectListener(
        StreamService service, Socket socket, ITlsServer handshake, Func<DirectCaller, bool> admit,
        Func<DirectCaller, IChannel, CancellationToken, Task> handler, TimeProvider time, ILogger log)
    {
        (_service, _handshake, _admit, _handler, _time, _log) = (service, handshake, admit, handler, time, log);
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
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
        Secured secured = await _handshake.AcceptAsync(new PromptStream(accepted), either.Token).ConfigureAwait(false);
        var channel = new FrameChannel(secured.Stream, remote, FrameLimits.Hello, atHub: false, _time, secured.LongFrames);
        try
        {
            return (await GreetAsync(channel, secured.Fingerprint!, either.Token).ConfigureAwait(false), channel);
        }
        catch (Exception e)
        {
            channel.Close(e.Message);
            await channel.DisposeAsync().ConfigureAwait(false);
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
