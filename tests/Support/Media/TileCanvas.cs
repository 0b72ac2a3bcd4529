using System.Buffers.Binary;
using LanCollab.Tests.Support.Processes;
using OpenCvSharp;

namespace LanCollab.Tests.Support.Media;

/// <summary>
/// A viewer's canvas as the page has it: draws what comes on the lane <c>screen.tiles</c> (docs/PROTOCOL.md, 7). Big-endian:
/// <code>u8 kind (1 more follow, 2 complete) | u32 frame | u16 width | u16 height | u16 count | count x (u16 column | u16 row | u32 length | PNG)</code>
/// </summary>
public sealed class TileCanvas : IDisposable
{
    private const int TileSize = 64, HeaderBytes = 11, TileHeaderBytes = 8;

    private readonly Lock _lock = new();
    private readonly Recorded<uint> _complete = new("a complete picture of the screen");
    private Mat _picture = new();

    /// <summary>Draws from now on, what has come already included.</summary>
    public TileCanvas(BridgeClient bridge) => bridge.OnLane("screen.tiles", Draw);

    /// <summary>How many complete pictures there were.</summary>
    public int Updates => _complete.Count;

    /// <summary>Waits until the canvas equals a picture file in every pixel.</summary>
    public async Task ShowsAsync(string file)
    {
        using Mat expected = Cv2.ImRead(file, ImreadModes.Color);
        await _complete.UntilAsync(_ => Equals(expected), TimeSpan.FromSeconds(20));
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
        int width = BinaryPrimitives.ReadUInt16BigEndian(rest[5..]), height = BinaryPrimitives.ReadUInt16BigEndian(rest[7..]);
        int count = BinaryPrimitives.ReadUInt16BigEndian(rest[9..]);
        lock (_lock)
        {
            if (_picture.Width != width || _picture.Height != height) _picture = new Mat(height, width, MatType.CV_8UC3, Scalar.Black);
            rest = rest[HeaderBytes..];
            for (int i = 0; i < count; i++) rest = DrawTile(rest);
        }
        if (frame.Span[0] == 2) _complete.Add(BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]));
    }

    private ReadOnlySpan<byte> DrawTile(ReadOnlySpan<byte> tile)
    {
        int column = BinaryPrimitives.ReadUInt16BigEndian(tile), row = BinaryPrimitives.ReadUInt16BigEndian(tile[2..]);
        int length = BinaryPrimitives.ReadInt32BigEndian(tile[4..]);
        using Mat picture = Cv2.ImDecode(tile.Slice(TileHeaderBytes, length), ImreadModes.Color);
        using Mat place = new(_picture, new Rect(column * TileSize, row * TileSize, picture.Width, picture.Height));
        picture.CopyTo(place);
        return tile[(TileHeaderBytes + length)..];
    }
}
