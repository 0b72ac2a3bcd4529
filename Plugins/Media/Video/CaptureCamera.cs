using System.Globalization;
using LanCollab.Contracts;
using OpenCvSharp;

namespace LanCollab.Plugins.Media.Video;

/// <summary>A picture of the daemon's own camera, as JPEG.</summary>
/// <param name="Number">0, 1, 2…</param>
/// <param name="Large">At most 640x360; null when nobody displays it.</param>
/// <param name="Small">At most 320x180; always made, for the own page.</param>
/// <param name="SendsSmall">Somebody displays the small one.</param>
internal readonly record struct CapturedFrame(uint Number, JpegPicture? Large, JpegPicture Small, bool SendsSmall);

/// <summary>One JPEG file.</summary>
internal readonly record struct JpegPicture(byte[] Bytes, int Width, int Height);

/// <summary>A video file, played in a loop at its own pace, or a camera of this machine.</summary>
internal sealed class CaptureCamera : IDisposable
{
    private const double UnknownFps = 15;

    private static readonly Size LargeSize = new(640, 360), SmallSize = new(320, 180);

    private readonly SourceSpec _source;
    private readonly int[] _jpeg;
    private readonly int _maxFps;
    private readonly Mat _picture = new(), _large = new(), _small = new();
    private VideoCapture _capture;
    private uint _next;

    private CaptureCamera(SourceSpec source, VideoCapture capture, MediaOptions options)
    {
        _source = source;
        _capture = capture;
        _maxFps = options.MaxFps;
        _jpeg = [(int)ImwriteFlags.JpegQuality, options.JpegQuality];
    }

    /// <summary>What anybody displays; null: not known yet, and nothing is sent.</summary>
    public Func<VideoWanted?> Wanted { get; set; } = () => null;

    /// <summary>Opens it; takes some milliseconds for a file and up to seconds for a device.</summary>
    /// <exception cref="UserErrorException"><c>no-file</c>, <c>bad-video</c>, <c>no-camera</c>, <c>missing-library</c>.</exception>
    public static CaptureCamera Open(SourceSpec source, MediaOptions options)
    {
        RequireLibraries();
        return new CaptureCamera(source, source.Kind == SourceKind.File ? OpenFile(source.Target) : OpenDevice(source.Target), options);
    }

    /// <summary>Delivers pictures until the token ends, a file from its beginning.</summary>
    /// <param name="show">Called for each picture; the next one waits for it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException"><c>no-camera</c>: the device has gone. <c>bad-video</c>: the file has gone or has no pictures.</exception>
    public async Task RunAsync(Func<CapturedFrame, CancellationToken, ValueTask> show, TimeProvider time, CancellationToken cancellationToken)
    {
        bool isFile = _source.Kind == SourceKind.File;
        if (isFile) Rewind();
        else if (!_capture.IsOpened()) Reopen();
        try
        {
            await PlayAsync(show, time, isFile, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Nobody is to be looked at by a camera whose pictures go nowhere.
            if (!isFile) _capture.Release();
        }
    }

    private async Task PlayAsync(Func<CapturedFrame, CancellationToken, ValueTask> show, TimeProvider time, bool isFile, CancellationToken cancellationToken)
    {
        var pace = new FramePace(time, isFile ? FileFps() : _maxFps, _maxFps);
        var budget = new BitBudget(time);
        for (_next = 0; !cancellationToken.IsCancellationRequested; _next++)
        {
            if (isFile) Read(pace.SkipsBefore(_next));
            else while (Read(0) && pace.IsEarly(_next)) cancellationToken.ThrowIfCancellationRequested();
            await pace.WaitAsync(_next, cancellationToken).ConfigureAwait(false);
            await show(Encode(budget), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _capture.Dispose();
        _picture.Dispose();
        _large.Dispose();
        _small.Dispose();
    }

    /// <summary>Complains when OpenCV cannot be loaded.</summary>
    /// <exception cref="UserErrorException"><c>missing-library</c>.</exception>
    public static void RequireLibraries()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            // OpenCV's native library is linked against these, and says less when they are missing.
            SystemLibrary.Require("libgtk-3.so.0", "libgtk-3-0");
            SystemLibrary.Require("libharfbuzz.so.0", "libharfbuzz0b");
        }
        catch (MissingLibraryException e)
        {
            throw new UserErrorException("missing-library", e.Message);
        }
    }

    private static VideoCapture OpenFile(string path)
    {
        if (!File.Exists(path)) throw new UserErrorException("no-file", $"There is no video file {path}.");
        var capture = new VideoCapture(path);
        if (capture.IsOpened()) return capture;
        capture.Dispose();
        throw new UserErrorException("bad-video", $"{path} is no video file that can be read here; an AVI with MJPG always can.");
    }

    private static VideoCapture OpenDevice(string which)
    {
        int index = 0;
        if (which.Length > 0 && !int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out index))
            throw new UserErrorException("bad-source", $"\"{which}\" is no camera's number; use device:0, device:1 and so on.");
        // Asked first: OpenCV complains to the standard error stream in many lines.
        bool absent = OperatingSystem.IsLinux() && !File.Exists($"/dev/video{index}");
        VideoCapture? capture = absent ? null : new VideoCapture(index);
        if (capture?.IsOpened() == true)
        {
            capture.FrameWidth = LargeSize.Width;
            capture.FrameHeight = LargeSize.Height;
            return capture;
        }
        capture?.Dispose();
        throw NoCamera(index);
    }

    private static UserErrorException NoCamera(int index) =>
        new("no-camera", $"Camera {index} is not there or is in use; plug it in or choose another source.");

    private double FileFps() => _capture.Fps is >= 1 and <= 240 and var fps ? fps : UnknownFps;

    // Opened again rather than sought: not every container can seek to its first picture.
    private void Rewind() => Replace(OpenFile(_source.Target));

    private void Reopen() => Replace(OpenDevice(_source.Target));

    private void Replace(VideoCapture again)
    {
        _capture.Dispose();
        _capture = again;
    }

    private bool Read(int skips)
    {
        for (int i = 0; i <= skips; i++) ReadOne();
        return true;
    }

    private void ReadOne()
    {
        if (_capture.Read(_picture) && !_picture.Empty()) return;
        if (_source.Kind == SourceKind.Device) throw new UserErrorException("no-camera", "The camera does not deliver pictures any more; plug it in again.");
        Rewind();
        if (!_capture.Read(_picture) || _picture.Empty()) throw new UserErrorException("bad-video", $"{_source.Target} has no pictures.");
    }

    private CapturedFrame Encode(BitBudget budget)
    {
        VideoWanted? wanted = Wanted();
        bool skipped = wanted?.Fps is { } fps && fps < _maxFps && _next * (uint)fps / (uint)_maxFps == (_next + 1) * (uint)fps / (uint)_maxFps;
        // JPEG has no rate to turn down: fewer pictures are sent.
        skipped = skipped || !budget.Takes(wanted?.Bitrate);
        bool Sends(VideoLayer layer) => !skipped && wanted?.Layers.Contains(layer) == true;
        JpegPicture? large = Sends(VideoLayer.Large) ? Encode(Fit(_picture, LargeSize, _large)) : null;
        var frame = new CapturedFrame(_next, large, Encode(Fit(_picture, SmallSize, _small)), Sends(VideoLayer.Small));
        budget.Spend((large?.Bytes.Length ?? 0) + (frame.SendsSmall ? frame.Small.Bytes.Length : 0));
        return frame;
    }

    private JpegPicture Encode(Mat picture)
    {
        Cv2.ImEncode(".jpg", picture, out byte[] bytes, _jpeg);
        return new JpegPicture(bytes, picture.Width, picture.Height);
    }

    private static Mat Fit(Mat picture, Size most, Mat scaled)
    {
        double scale = Math.Min((double)most.Width / picture.Width, (double)most.Height / picture.Height);
        if (scale >= 1) return picture;
        var size = new Size(Math.Max(1, Math.Round(picture.Width * scale)), Math.Max(1, Math.Round(picture.Height * scale)));
        Cv2.Resize(picture, scaled, size, 0, 0, InterpolationFlags.Area);
        return scaled;
    }
}
