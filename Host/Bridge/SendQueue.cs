using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;

namespace LanCollab.Host.Bridge;

/// <summary>
/// What waits to be sent to one page, in order. Texts (events, replies) must all arrive: when they overflow the page is lost. Lane messages
/// are dropped or waited for, as their sender says.
/// </summary>
internal sealed class SendQueue
{
    /// <summary>The most texts that wait.</summary>
    public const int MaxTexts = 4096;

    /// <summary>The most bytes of texts that wait.</summary>
    public const long MaxTextBytes = 4 * 1024 * 1024;

    /// <summary>The most bytes of lane messages that wait; one message is always taken.</summary>
    public const long MaxLaneBytes = 8 * 1024 * 1024;

    private readonly Channel<Outgoing> _items = Channel.CreateUnbounded<Outgoing>(new() { SingleReader = true });
    private readonly Lock _gate = new();
    private TaskCompletionSource? _room; // There while somebody waits for room.
    private bool _completed;
    private int _texts;
    private long _textBytes;
    private long _laneBytes;

    /// <summary>Texts that wait, and their bytes.</summary>
    public (int Count, long Bytes) WaitingTexts { get { lock (_gate) return (_texts, _textBytes); } }

    /// <summary>Queues a text. False when the queue overflows; a completed queue takes it and forgets it.</summary>
    public bool TryText(byte[] json)
    {
        lock (_gate)
        {
            if (_completed) return true;
            if (_texts >= MaxTexts || _textBytes + json.Length > MaxTextBytes) return false;
            _texts++;
            _textBytes += json.Length;
            return _items.Writer.TryWrite(new Outgoing(json, json.Length, WebSocketMessageType.Text));
        }
    }

    /// <summary>Copies and queues a lane message. False when the queue is full or completed.</summary>
    public bool TryLane(byte number, ReadOnlySpan<byte> payload)
    {
        int length = sizeof(byte) + payload.Length; // lane number, payload
        lock (_gate)
        {
            if (_completed || (_laneBytes > 0 && _laneBytes + length > MaxLaneBytes)) return false;
            byte[] copy = ArrayPool<byte>.Shared.Rent(length);
            copy[0] = number;
            payload.CopyTo(copy.AsSpan(1));
            _laneBytes += length;
            return _items.Writer.TryWrite(new Outgoing(copy, length, WebSocketMessageType.Binary));
        }
    }

    /// <summary>As <see cref="TryLane"/>, but waits for room.</summary>
    /// <exception cref="OperationCanceledException">The token ended, or the queue is completed.</exception>
    public async ValueTask LaneAsync(byte number, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_completed) throw new OperationCanceledException("The page has gone.");
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            if (TryLane(number, payload.Span)) return;
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The next one to send, or null when the queue is completed and empty.</summary>
    public async ValueTask<Outgoing?> TakeAsync() =>
        await _items.Reader.WaitToReadAsync().ConfigureAwait(false) && _items.Reader.TryRead(out Outgoing item) ? item : null;

    /// <summary>To be called after a taken one was sent: gives its room back.</summary>
    public void Sent(in Outgoing item)
    {
        lock (_gate)
        {
            if (item.Type == WebSocketMessageType.Text) { _texts--; _textBytes -= item.Length; return; }
            _laneBytes -= item.Length;
            SignalRoom();
        }
        ArrayPool<byte>.Shared.Return(item.Buffer);
    }

    /// <summary>Takes no more. What waits can still be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            _items.Writer.TryComplete();
            SignalRoom();
        }
    }

    private void SignalRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }

    /// <summary>One WebSocket message.</summary>
    public readonly record struct Outgoing(byte[] Buffer, int Length, WebSocketMessageType Type)
    {
        /// <summary>Its bytes.</summary>
        public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);
    }
}
