using System.Buffers;
using System.Threading.Channels;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;
using OpenCvSharp;

namespace LanCollab.Plugins.Media.Video;

/// <summary>A JPEG that was made smaller; called on the rescaler's thread, the bytes are valid during the call.</summary>
internal delegate void Rescaled(VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> jpeg);

/// <summary>
/// The hub's last resort for JPEG: pictures of a camera's smallest layer, decoded and coded again at 160 x 90, for those whose link holds not even that layer, and under
/// the highest load. Bounded in every way: one thread, <see cref="MostWaiting"/> pictures that wait for it, a rate for all cameras together, and nothing is decoded whose own header
/// does not say what the packets said.
/// </summary>
/// <param name="log">Where it is told that OpenCV is not there.</param>
/// <param name="time">For the rate.</param>
/// <param name="mostPerSecond">Pictures a second of all cameras.</param>
internal sealed class Rescaler(ILogger log, TimeProvider time, int mostPerSecond) : IAsyncDisposable
{
    /// <summary>Widest and highest result, in pixels.</summary>
    public const int Width = 160, Height = 90;

    /// <summary>Of a camera's pictures every fourth is taken.</summary>
    public const int Every = 4;

    /// <summary>Pictures that wait; what comes then is left out.</summary>
    public const int MostWaiting = 4;

    /// <summary>Bits of a picture, about.</summary>
    public const double UsualBits = 24_000;

    private const long AssemblyBytes = 4 * 1024 * 1024;
    // Larger ones are no small layer, nor the large one of a camera that has no other.
    private const int MostWidth = 1280, MostHeight = 720;

    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly AssemblyBudget _budget = new(AssemblyBytes);
    private readonly int[] _quality = [(int)ImwriteFlags.JpegQuality, 50];
    private double _credit = 1;
    private long _creditAt = time.GetTimestamp();
    private Task _running = Task.CompletedTask;
    private long _contradicts, _broken; // the one by who adds, the other by the thread
    private volatile bool _failed;

    /// <summary>Called with each result.</summary>
    public Rescaled? Ready { get; set; }

    /// <summary>False once OpenCV has turned out to be missing.</summary>
    public bool IsAble => !_failed;

    /// <summary>Pictures that were made smaller.</summary>
    public long Done { get; private set; }

    /// <summary>Pictures that were left out: too many, or no time.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Pictures that are not what their packets say; those whose own header contradicts them were never decoded.</summary>
    public long Refused => _contradicts + _broken;

    /// <summary>Begins to work, on a thread that gives way to all others.</summary>
    public void Start() => _running = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes a packet of a camera's smallest layer. For one thread at a time.</summary>
    public void Add(VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> bytes)
    {
        if (header.Frame % Every != 0 || header.Layer != stream.Info.Layers[^1]) return;
        stream.Rescaling ??= new FrameAssembly(_budget, (in VideoHeader whole, ReadOnlySpan<byte> jpeg) => Take(stream, whole, jpeg), _ => { }, _ => false);
        stream.Rescaling.Add(header, bytes);
    }

    private void Take(VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> jpeg)
    {
        bool fits = JpegSize.TryRead(jpeg, out int width, out int height) && width == header.Width && height == header.Height && width <= MostWidth && height <= MostHeight;
        if (!fits) _contradicts++;
        else if (!IsPaid()) LeftOut++;
        else Queue(stream, header, jpeg);
    }

    private void Queue(VideoStream stream, in VideoHeader header, ReadOnlySpan<byte> jpeg)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(jpeg.Length);
        jpeg.CopyTo(copy);
        if (_jobs.Writer.TryWrite(new Job(stream, header, copy, jpeg.Length))) return;
        ArrayPool<byte>.Shared.Return(copy);
        LeftOut++;
    }

    private bool IsPaid()
    {
        long now = time.GetTimestamp();
        _credit = Math.Min(mostPerSecond / 4.0 + 1, _credit + (time.GetElapsedTime(_creditAt, now).TotalSeconds * mostPerSecond));
        _creditAt = now;
        if (_credit < 1) return false;
        _credit--;
        return true;
    }

    private void Work()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_jobs.Reader.TryRead(out Job job)) Try(job);
    }

    private void Try(in Job job)
    {
        try
        {
            if (!_failed) Rescale(job);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or UserErrorException)
        {
            _failed = true;
            VideoLog.NoRescaling(log, e.Message);
        }
        catch (OpenCVException)
        {
            _broken++; // behind a good header the rest was none
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(job.Bytes);
        }
    }

    private void Rescale(in Job job)
    {
        CaptureCamera.RequireLibraries();
        // The decoder itself halves or quarters it, which costs less than to decode it whole.
        ImreadModes mode = job.Header.Height >= 4 * Height ? ImreadModes.ReducedColor4 : job.Header.Height >= 2 * Height ? ImreadModes.ReducedColor2 : ImreadModes.Color;
        using Mat picture = Cv2.ImDecode(job.Bytes.AsSpan(0, job.Length), mode);
        if (picture.Empty())
        {
            _broken++;
            return;
        }
        double scale = Math.Min(1, Math.Min((double)Width / picture.Width, (double)Height / picture.Height));
        using Mat small = scale < 1 ? picture.Resize(default, scale, scale, InterpolationFlags.Area) : picture.Clone();
        Cv2.ImEncode(".jpg", small, out byte[] jpeg, _quality);
        Done++;
        Ready?.Invoke(job.Stream, job.Header with { Width = (ushort)small.Width, Height = (ushort)small.Height }, jpeg);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _running.ConfigureAwait(false);
    }

    private readonly record struct Job(VideoStream Stream, VideoHeader Header, byte[] Bytes, int Length);
}
