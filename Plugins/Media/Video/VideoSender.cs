using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Sends encoded frames as packets, in bursts of <see cref="Burst"/> with a pause in between: a large JPEG has some forty packets, and sent
/// at once they overflow the receive buffers of slow links and small machines. Sends again what the hub asks for. One frame at a time.
/// </summary>
internal sealed class VideoSender(IClientDatagrams datagrams, TimeProvider time)
{
    /// <summary>Packets without a pause; a VP8 delta frame fits.</summary>
    public const int Burst = 10;

    private const int Remembered = 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly byte[] _packet = new byte[DatagramLimits.MaxPayload];
    private readonly uint[] _asked = new uint[VideoFeedback.MaxItems * 17];
    private readonly Hop _hop = new(time);
    private PacketHistory? _history; // made with the first frame: most people only watch

    /// <summary>How the way to the hub does.</summary>
    public LinkEstimate Link => _hop.Link;

    /// <summary>Sends a frame; one that is longer than <see cref="VideoHeader.MaxFrameBytes"/> is dropped and counts as lost where it is missed.</summary>
    public async ValueTask SendAsync(VideoHeader frame, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length is 0 or > VideoHeader.MaxFrameBytes) return;
        int count = Fragmenter.Count(bytes.Length);
        for (int first = 0; first < count; first += Burst)
        {
            if (first > 0) await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            lock (_gate) Send(frame, bytes.Span, first, Math.Min(Burst, count - first));
        }
    }

    /// <summary>The hub says how it goes, or what did not come.</summary>
    public void Receive(ReadOnlySpan<byte> feedback)
    {
        lock (_gate)
        {
            if (VideoFeedback.TryReadReport(feedback, out ReceiverReport report)) _hop.Report(report);
            else if (VideoFeedback.ReadNack(feedback, _asked) is > 0 and var count) _hop.Resend(_asked.AsSpan(0, count), datagrams.TrySend);
        }
    }

    private void Send(in VideoHeader frame, ReadOnlySpan<byte> bytes, int firstFragment, int count)
    {
        _history ??= new PacketHistory(Remembered);
        uint first = _history.Next;
        for (int fragment = firstFragment; fragment < firstFragment + count; fragment++)
        {
            // What lies at the end of the memory and what lies at its start cannot go out together.
            if (_history.IsAtEnd) first = Send(first);
            _history.Append(_packet.AsSpan(0, Fragmenter.Write(frame, bytes, fragment, _packet)));
        }
        Send(first);
    }

    // In one call where the system can. Gives the serial of what comes next.
    private uint Send(uint first)
    {
        int count = (int)(_history!.Next - first);
        if (count == 0) return first;
        _hop.Number(_history, first, count, time.GetTimestamp());
        datagrams.TrySendMany(_history.Run(first, count), PacketHistory.Stride);
        return _history.Next;
    }
}
