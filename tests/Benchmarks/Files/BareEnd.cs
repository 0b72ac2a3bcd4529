using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LanCollab.Host.Net.Tls;

namespace LanCollab.Benchmarks.Files;

/// <summary>
/// One end of <see cref="Bare"/>, a process of its own: <c>files-bare folder openssl|sslstream</c>. Says <c>ready port</c>, serves its folder there, and for each line
/// <c>put|get port work path…</c> (<see cref="BareWork"/>) on its input sends these files to another end, or fetches them into its folder, each on a connection and a thread of its own; then says <c>done 1</c>.
/// </summary>
internal static class BareEnd
{
    /// <summary>A request is a name, the work, and the file's length, or this one: the other end shall send it.</summary>
    private const long Fetch = -1;

    private static readonly Lazy<OpenSslContext> Direct = new(() => OpenSslContext.ForClient(shown: null));

    public static async Task RunAsync(string[] arguments)
    {
        string folder = arguments[0];
        bool direct = arguments is [_, "openssl"];
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AcceptAsync(listener, folder, direct);
        Console.WriteLine($"ready {((IPEndPoint)listener.LocalEndpoint).Port}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int port = int.Parse(words[1], CultureInfo.InvariantCulture);
            var work = Enum.Parse<BareWork>(words[2]);
            await Task.WhenAll(words[3..].Select(path => OnItsOwn(() => Ask(words[0] == "put", port, work, path, folder, direct))));
            Console.WriteLine("done 1");
        }
    }

    private static async Task AcceptAsync(TcpListener listener, string folder, bool direct)
    {
        using X509Certificate2 certificate = Certificate();
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls13,
        };
        using OpenSslContext? context = direct ? OpenSslContext.ForServer(certificate, asksCallers: false) : null;
        while (true)
        {
            TcpClient accepted = await listener.AcceptTcpClientAsync();
            _ = OnItsOwn(() => Serve(accepted, () => context is null ? Secure(accepted, options) : new BareOpenSsl(accepted.Client, context, host: null), folder));
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
    }

    /// <summary>Sockets are read and written where one waits for them: nothing is faster as long as there are few.</summary>
    public static Task OnItsOwn(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static SslStream Secure(TcpClient accepted, SslServerAuthenticationOptions options)
    {
        var stream = new SslStream(accepted.GetStream());
        stream.AuthenticateAsServer(options);
        return stream;
    }

    private static SslStream Secure(TcpClient client)
    {
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        stream.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls13 });
        return stream;
    }

    private static void Serve(TcpClient accepted, Func<Stream> secure, string folder)
    {
        accepted.NoDelay = true;
        using Stream stream = secure();
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        string path = Path.Combine(folder, reader.ReadString());
        var work = (BareWork)reader.ReadByte();
        long length = reader.ReadInt64();
        if (length == Fetch)
        {
            stream.Write(BitConverter.GetBytes(new FileInfo(path).Length));
            BareTransfer.Send(stream, path, work == BareWork.Plain ? BareTransfer.Hashes.None : BareTransfer.Hashes.Known);
        }
        else
        {
            if (work == BareWork.Piped) BarePipe.Receive(stream, path, length);
            else BareTransfer.Receive(stream, path, length, work == BareWork.Hashed, whole: true);
            stream.WriteByte(1);
        }
        // The other end closes first.
        stream.ReadByte();
    }

    private static void Ask(bool put, int port, BareWork work, string path, string folder, bool direct)
    {
        using var client = new TcpClient(IPAddress.Loopback.ToString(), port) { NoDelay = true };
        using Stream stream = direct ? new BareOpenSsl(client.Client, Direct.Value, "localhost") : Secure(client);
        using var request = new MemoryStream();
        using var writer = new BinaryWriter(request);
        writer.Write(Path.GetFileName(path));
        writer.Write((byte)work);
        writer.Write(put ? new FileInfo(path).Length : Fetch);
        stream.Write(request.ToArray());
        if (put)
        {
            if (work == BareWork.Piped) BarePipe.Send(stream, path);
            else BareTransfer.Send(stream, path, work == BareWork.Hashed ? BareTransfer.Hashes.Made : BareTransfer.Hashes.None);
            if (stream.ReadByte() != 1) throw new IOException("The other end does not say that it has the file.");
        }
        else
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            BareTransfer.Receive(stream, Path.Combine(folder, Path.GetFileName(path)), reader.ReadInt64(), work != BareWork.Plain, whole: false);
        }
    }
}
