using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using LanCollab.Contracts;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Host.Net;

/// <summary>Opens channels from a client: TCP, TLS with the pinned certificate, first frame.</summary>
internal sealed class Dialer(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Does TLS; null for frames on bare TCP, to loopback addresses only, and the fingerprint is then empty. By default this side shows nothing of itself.</summary>
    public ITlsClient? Handshake { get; init; } = TlsLibraries.Default.Call(shown: null);

    /// <param name="address">Where to.</param>
    /// <param name="pinned">The certificate's fingerprint that is expected; null takes any, and the caller pins it.</param>
    /// <param name="hello">The first frame.</param>
    /// <param name="maxFrame">The longest payload the hub may send.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UserErrorException"><c>unreachable</c>, <c>server-changed</c>, or what the hub answers.</exception>
    public async Task<(FrameChannel Channel, string Fingerprint)> DialAsync(
        ServerAddress address, string? pinned, Hello hello, int maxFrame, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            (FrameChannel channel, string fingerprint) = await ConnectAsync(address, pinned, either.Token).ConfigureAwait(false);
            await GreetAsync(channel, hello, maxFrame, either.Token).ConfigureAwait(false);
            return (channel, fingerprint);
        }
        catch (Exception e) when (e is SocketException or IOException or ProtocolErrorException or AuthenticationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UserErrorException("unreachable", $"No LanCollab server answers at {address} ({Reason(e)}); is it running, and is this its address?");
        }
    }

    private static string Reason(Exception e) => e is OperationCanceledException ? "no answer in time" : e.Message.TrimEnd('.');

    private async Task<(FrameChannel Channel, string Fingerprint)> ConnectAsync(ServerAddress address, string? pinned, CancellationToken cancellationToken)
    {
        if (Handshake is null) return (await ConnectPlainAsync(address, cancellationToken).ConfigureAwait(false), "");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        string? presented = null;
        try
        {
            SocketTuning.Apply(socket);
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            Secured secured = await Handshake.ConnectAsync(socket, address.Host, shown => Matches(presented = shown, pinned), cancellationToken).ConfigureAwait(false);
            return (new FrameChannel(secured.Stream, remote, FrameLimits.Hello, atHub: false, time, secured.LongFrames), presented!);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is AuthenticationException && presented is not null && !Matches(presented, pinned)) throw Changed(address);
            throw;
        }
    }

    private async Task<FrameChannel> ConnectPlainAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            SocketTuning.Apply(socket);
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            // Asked of the address that was reached, before a byte is sent: a name may stand for any.
            if (!Loopback.Is(remote.Address)) throw new UserErrorException("unprotected", $"Client:Tls is off, and {address} is not on this machine; without TLS nothing leaves it.");
            return new FrameChannel(new NetworkStream(socket, ownsSocket: true), remote, FrameLimits.Hello, atHub: false, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool Matches(string presented, string? pinned) =>
        pinned is null || CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(presented), Encoding.ASCII.GetBytes(pinned));

    private static UserErrorException Changed(ServerAddress address) => new("server-changed",
        $"The server at {address} shows another certificate than before: it was set up anew, or somebody pretends to be it. "
        + "Ask its operator; if it is right, remove its entry from known_servers.json in the client's data folder.");

    private static async Task GreetAsync(FrameChannel channel, Hello hello, int maxFrame, CancellationToken cancellationToken)
    {
        try
        {
            await channel.SendAsync(HelloJson.Encode(hello), cancellationToken).ConfigureAwait(false);
            Frame answer = await channel.ReceiveAsync(cancellationToken).ConfigureAwait(false) ?? throw new IOException(channel.Reason ?? "it closed the connection");
            Welcome welcome = HelloJson.ReadWelcome(answer);
            if (welcome.Code is { } code) throw new UserErrorException(code, welcome.Message ?? "The server refused.");
            if (welcome.Version != Hello.CurrentVersion)
                throw new UserErrorException("version", $"The server speaks protocol version {welcome.Version}, this client {Hello.CurrentVersion}; install the same version on both.");
            channel.MaxPayload = maxFrame;
            channel.AnswersPings = welcome.Pings == true;
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
