using System.Buffers;
using System.Net.WebSockets;

namespace LanCollab.Host.Bridge;

/// <summary>A received message.</summary>
/// <param name="Type">Text or binary.</param>
/// <param name="Payload">Valid until the next receive; empty when it was too long.</param>
/// <param name="TooLong">It was longer than its limit and has not been kept.</param>
internal readonly record struct Received(WebSocketMessageType Type, ReadOnlyMemory<byte> Payload, bool TooLong);

/// <summary>Puts the parts of WebSocket messages together, within limits, in one buffer that grows with need.</summary>
internal sealed class ReceiveBuffer(WebSocket socket) : IDisposable
{
    /// <summary>The longest text, in bytes.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>The longest binary message, in bytes.</summary>
    public const int MaxBinary = 4 * 1024 * 1024;

    private const int FirstSize = 16 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);

    /// <summary>The limit of a kind of message.</summary>
    public static int LimitOf(WebSocketMessageType type) => type == WebSocketMessageType.Text ? MaxText : MaxBinary;

    /// <summary>The next message; null when the other side closes.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<Received?> ReceiveAsync()
    {
        int length = 0;
        bool tooLong = false;
        while (true)
        {
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            tooLong |= length > LimitOf(part.MessageType);
            if (part.EndOfMessage) return new Received(part.MessageType, tooLong ? default : _buffer.AsMemory(0, length), tooLong);
            if (tooLong) length = 0;
            else if (length == _buffer.Length) Grow(length);
        }
    }

    private void Grow(int used)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
