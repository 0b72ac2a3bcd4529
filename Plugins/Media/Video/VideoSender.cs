using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Sends encoded frames as packets, in bursts of <see cref="Burst"/> with a pause in between: a large JPEG has some forty packets, and sent
/// at once they overflow the receive buffers of slow links and small machines. One frame at a time.
/// </summary>
internal sealed class VideoSender(IClientDatagrams datagrams, TimeProvider time)
{
    /// <summary>Packets without a pause; a VP8 delta frame fits.</summary>
    public const int Burst = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _packet = new byte[DatagramLimits.MaxPayload];

    /// <summary>Sends a frame; one that is longer than <see cref="VideoHeader.MaxFrameBytes"/> is dropped and counts as lost where it is missed.</summary>
    public async ValueTask SendAsync(VideoHeader frame, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length is 0 or > VideoHeader.MaxFrameBytes) return;
        int count = Fragmenter.Count(bytes.Length);
        for (int fragment = 0; fragment < count; fragment++)
        {
            if (fragment > 0 && fragment % Burst == 0) await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            int length = Fragmenter.Write(frame, bytes.Span, fragment, _packet);
            datagrams.TrySend(_packet.AsSpan(0, length));
        }
    }
}
