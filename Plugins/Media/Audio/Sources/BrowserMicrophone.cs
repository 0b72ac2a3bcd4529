using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// A page captures: frames of any <see cref="FrameShape"/>, PCM16 little-endian, on a lane. With several pages open the first that speaks is taken, until it goes.
/// </summary>
internal sealed class BrowserMicrophone : IMicrophone
{
    private readonly Lock _gate = new();
    private readonly float[] _frame = new float[FrameShape.Stereo.Length];
    private FrameHandler? _handler;
    private IPage? _page;

    /// <summary>Frames of a wrong length, which were ignored.</summary>
    public long Malformed { get; private set; }

    /// <summary>Takes a message of the lane.</summary>
    public ValueTask ReceiveAsync(IPage page, ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_page is null || _page.Closed.IsCancellationRequested) _page = page;
            if (_handler is null || _page != page) return ValueTask.CompletedTask;
            int length = pcm.Length / sizeof(short);
            if (FrameShape.Of(length) is null || pcm.Length % sizeof(short) != 0)
            {
                Malformed++;
                return ValueTask.CompletedTask;
            }
            Samples.FromPcm16(pcm.Span, _frame.AsSpan(0, length));
            _handler(_frame.AsSpan(0, length));
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public async Task RunAsync(FrameHandler handler, CancellationToken cancellationToken)
    {
        lock (_gate) _handler = handler;
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate) _handler = null;
        }
    }
}
