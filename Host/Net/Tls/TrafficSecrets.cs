using System.Runtime.InteropServices;

namespace LanCollab.Host.Net.Tls;

/// <summary>
/// The two secrets of a connection of TLS 1.3 that records are made with, as OpenSSL tells them while it does the handshake: SSL_CTX_set_keylog_callback(3) calls on the thread that is in the handshake. They are
/// kept nowhere else, and are wiped by whoever takes them.
/// </summary>
internal sealed unsafe class TrafficSecrets
{
    [ThreadStatic]
    private static TrafficSecrets? _ofThread;

    /// <summary>What OpenSSL calls.</summary>
    public static delegate* unmanaged<nint, byte*, void> Listener => &Hear;

    /// <summary>Of what the client sends.</summary>
    public byte[]? Client { get; private set; }

    /// <summary>Of what the server sends.</summary>
    public byte[]? Server { get; private set; }

    /// <summary>From here to the end of the scope this thread's handshake is the one that these are of.</summary>
    public Scope Listen()
    {
        _ofThread = this;
        return default;
    }

    internal readonly ref struct Scope
    {
        public void Dispose() => _ofThread = null;
    }

    /// <summary>A line of the format NSS Key Log: a label, the client's random, the secret.</summary>
    [UnmanagedCallersOnly]
    private static void Hear(nint ssl, byte* line)
    {
        if (_ofThread is not { } mine) return;
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(line);
        if (text.StartsWith("CLIENT_TRAFFIC_SECRET_0 "u8)) mine.Client = Secret(text);
        else if (text.StartsWith("SERVER_TRAFFIC_SECRET_0 "u8)) mine.Server = Secret(text);
    }

    private static byte[] Secret(ReadOnlySpan<byte> line) => Convert.FromHexString(line[(line.LastIndexOf((byte)' ') + 1)..]);
}
