using System.Buffers.Binary;
using LanCollab.Tests.Support.Processes;
using OpenCvSharp;

namespace LanCollab.Tests.Support.Media;

/// <summary>
/// A viewer's canvas as the page has it: draws what comes on the lane <c>screen.tiles</c> (docs/PROTOCOL.md, 7), written from that text alone.
/// Big-endian: <code>u8 kind (1 more follow, 2 complete, else of the pointer) | u32 frame | u16 width | u16 height | u16 count | operations</code>
/// </summary>
public sealed class TileCanvas : IDisposable
{
    private const int HeaderBytes = 11, OpBytes = 9;

    private readonly Lock _lock = new();
    private readonly Recorded<uint> _complete = new("a complete picture of the screen");
    private readonly List<Mat> _images = [];
    private Mat _picture = new();

    /// <summary>Draws from now on, what has come already included.</summary>
    /// <param name="bridge">A viewer's.</param>
    /// <param name="counted">Called with the length of each frame.</param>
    public TileCanvas(BridgeClient bridge, Action<int>? counted = null) => bridge.OnLane("screen.tiles", frame =>
    {
        counted?.Invoke(frame.Length);
        Draw(frame);
    });

    /// <summary>Raised after each complete picture, on the receive loop.</summary>
    public event Action? Shown;

    /// <summary>Waits for the first complete picture.</summary>
    public Task FirstAsync() => _complete.UntilAsync(all => all.Count > 0);

    /// <summary>A pixel as 0xRRGGBB.</summary>
    public uint ColourAt(int x, int y)
    {
        lock (_lock)
        {
            Vec3b pixel = _picture.At<Vec3b>(y, x);
            return (uint)(pixel.Item0 | pixel.Item1 << 8 | pixel.Item2 << 16);
        }
    }

    /// <summary>How many complete pictures there were.</summary>
    public int Updates => _complete.Count;

    /// <summary>Waits until the canvas equals a picture file in every pixel.</summary>
    public async Task ShowsAsync(string file)
    {
        using Mat expected = Cv2.ImRead(file, ImreadModes.Color);
        await _complete.UntilAsync(_ => Equals(expected));
    }

    /// <summary>True when every pixel of a picture file is shown.</summary>
    public bool Shows(string file)
    {
        using Mat expected = Cv2.ImRead(file, ImreadModes.Color);
        return Equals(expected);
    }

    /// <inheritdoc />
    public void Dispose() => _picture.Dispose();

    private bool Equals(Mat expected)
    {
        lock (_lock) return _picture.Size() == expected.Size() && _picture.Type() == expected.Type() && Cv2.Norm(_picture, expected, NormTypes.INF) == 0;
    }

    private void Draw(ReadOnlyMemory<byte> frame)
    {
        ReadOnlySpan<byte> rest = frame.Span;
        if (rest[0] is not (1 or 2)) return;
        int count = BinaryPrimitives.ReadUInt16BigEndian(rest[9..]);
        lock (_lock)
        {
            Fit(Short(rest, 5), Short(rest, 7));
            rest = rest[HeaderBytes..];
            for (int i = 0; i < count; i++) rest = DrawOne(rest);
        }
        if (frame.Span[0] == 1) return;
        foreach (Mat image in _images) image.Dispose();
        _images.Clear();
        _complete.Add(BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]));
        Shown?.Invoke();
    }

    private void Fit(int width, int height)
    {
        if (_picture.Width != width || _picture.Height != height) _picture = new Mat(height, width, MatType.CV_8UC3, Scalar.Black);
    }

    /// <summary>Does one operation and gives what follows it.</summary>
    private ReadOnlySpan<byte> DrawOne(ReadOnlySpan<byte> op)
    {
        var place = new Rect(Short(op, 1), Short(op, 3), Short(op, 5), Short(op, 7));
        ReadOnlySpan<byte> rest = op[OpBytes..];
        using Mat to = new(_picture, place);
        switch (op[0])
        {
            case 1:
                int length = BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
                _images.Add(Cv2.ImDecode(rest.Slice(8, length), ImreadModes.Color));
                Show(_images[^1], rest, to);
                return rest[(8 + length)..];
            case 2:
                to.SetTo(new Scalar(rest[2], rest[1], rest[0]));
                return rest[3..];
            case 3:
                using (Mat source = new Mat(_picture, new Rect(Short(rest, 0), Short(rest, 2), place.Width, place.Height)).Clone()) source.CopyTo(to);
                return rest[4..];
            default:
                Show(_images[BinaryPrimitives.ReadInt32BigEndian(rest[4..])], rest, to);
                return rest[8..];
        }
    }

    private static void Show(Mat image, ReadOnlySpan<byte> crop, Mat to)
    {
        using Mat window = new(image, new Rect(Short(crop, 0), Short(crop, 2), to.Width, to.Height));
        window.CopyTo(to);
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
