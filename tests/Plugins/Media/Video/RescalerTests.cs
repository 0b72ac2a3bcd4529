using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Media.Video;

public sealed class RescalerTests : IAsyncDisposable
{
    private const int PerSecond = 10;

    private readonly FakeTimeProvider _time = new();
    private readonly Recorded<(VideoHeader Header, byte[] Jpeg)> _ready = new("a picture that was made smaller");
    private readonly Rescaler _rescaler;
    private readonly VideoStream _stream;

    public RescalerTests()
    {
        _rescaler = new Rescaler(new TestLog(), _time, PerSecond) { Ready = (VideoStream _, in VideoHeader header, ReadOnlySpan<byte> jpeg) => _ready.Add((header, jpeg.ToArray())) };
        var info = new VideoStarted("a", "Ada", 1, VideoCodec.Jpeg, 640, 360, [VideoLayer.Large, VideoLayer.Small]);
        _stream = new VideoStream(new Peer("a", "Ada", "room"), info, _ => new KeyFrameRequests(_time, () => { }), _time);
    }

    public ValueTask DisposeAsync() => _rescaler.DisposeAsync();

    [Theory]
    [InlineData(320, 180)]
    [InlineData(640, 360)]
    [InlineData(320, 240)]
    public async Task Picture_fits_into_160_by_90_and_keeps_its_shape(int width, int height)
    {
        _rescaler.Start();
        Add(0, Picture(width, height), width, height);
        (VideoHeader header, byte[] jpeg) = (await _ready.WaitCountAsync(1))[0];
        Assert.True(JpegSize.TryRead(jpeg, out int w, out int h));
        Assert.Equal((w, h), (header.Width, header.Height));
        Assert.True(w <= Rescaler.Width && h <= Rescaler.Height && Math.Max(w, h * 16 / 9) >= 150, $"{w} x {h}");
        Assert.Equal((double)width / height, (double)w / h, tolerance: 0.03);
        using Mat seen = Cv2.ImDecode(jpeg, ImreadModes.Color);
        // The left half is white, the right one black.
        Assert.True(seen.At<Vec3b>(h / 2, w / 4).Item1 > 200 && seen.At<Vec3b>(h / 2, 3 * w / 4).Item1 < 55);
    }

    [Fact]
    public async Task What_contradicts_its_packets_or_is_none_is_refused_and_the_next_one_is_taken()
    {
        _rescaler.Start();
        byte[] picture = Picture(320, 180);
        Add(0, Picture(4000, 4000), 320, 180);
        Add(4, picture.AsSpan(0, 40), 320, 180);
        Add(8, "GIF89a"u8, 320, 180);
        Assert.Equal(3, _rescaler.Refused);
        byte[] torn = [.. picture.AsSpan(0, 700)];
        torn.AsSpan(400).Fill(0xFF);
        Add(12, torn, 320, 180);
        _time.Advance(TimeSpan.FromSeconds(1.0 / PerSecond));
        Add(16, picture, 320, 180);
        await _ready.WaitAsync(p => p.Header.Frame == 16);
        Assert.DoesNotContain(_ready.All, p => p.Header.Frame < 12);
    }

    [Fact]
    public void Cost_is_bounded_by_a_rate_and_by_what_may_wait()
    {
        byte[] picture = Picture(320, 180);
        // Nobody works: what may wait fills up, and all else is left out.
        for (uint frame = 0; frame < 400; frame += 4) Add(frame, picture, 320, 180);
        Assert.Equal(100 - 1, _rescaler.LeftOut);
        uint next = 400;
        for (int i = 0; i < 100; i++, next += 4)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Add(next, picture, 320, 180);
        }
        Assert.Equal(200 - Rescaler.MostWaiting, _rescaler.LeftOut);
    }

    [Fact]
    public async Task Over_a_second_no_more_are_made_than_the_rate_allows()
    {
        _rescaler.Start();
        byte[] picture = Picture(320, 180);
        uint frame = 0;
        for (int i = 0; i < 200; i++, frame += 4)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            long before = _rescaler.LeftOut;
            Add(frame, picture, 320, 180);
            // One at a time: what is left out here is left out by the rate alone.
            if (_rescaler.LeftOut == before) await _ready.WaitAsync(p => p.Header.Frame == frame);
        }
        Assert.InRange(_ready.Count, 38, 42);
    }

    [Fact]
    public void Only_every_fourth_picture_of_the_smallest_layer_is_looked_at()
    {
        byte[] picture = Picture(320, 180);
        for (uint frame = 1; frame < 4; frame++) Add(frame, picture, 320, 180);
        Add(4, picture, 320, 180, VideoLayer.Large);
        Assert.Null(_stream.Rescaling);
    }

    [Fact]
    public void Size_is_read_behind_other_markers_and_of_nothing_else()
    {
        byte[] picture = Picture(320, 180);
        Assert.True(JpegSize.TryRead(picture, out int width, out int height));
        Assert.Equal((320, 180), (width, height));
        int sof = picture.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        for (int length = 0; length < sof + 9; length++) Assert.False(JpegSize.TryRead(picture.AsSpan(0, length), out _, out _));
        Assert.False(JpegSize.TryRead([0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xC0, 0, 17, 8, 0, 180, 1, 64], out _, out _));
        Assert.False(JpegSize.TryRead([0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 0xFF, 0xC0, 0, 17, 8, 0, 180, 1, 64], out _, out _));
    }

    private void Add(uint frame, ReadOnlySpan<byte> jpeg, int width, int height, VideoLayer layer = VideoLayer.Small)
    {
        var header = new VideoHeader(VideoCodec.Jpeg, layer, Key: true, 1, frame, frame * 3000, 0, 1, (ushort)width, (ushort)height);
        byte[] packet = new byte[DatagramLimits.MaxPayload];
        for (int i = 0; i < Fragmenter.Count(jpeg.Length); i++)
        {
            int length = Fragmenter.Write(header, jpeg, i, packet);
            Assert.True(VideoHeader.TryReadPacket(packet.AsSpan(0, length), out VideoHeader fragment));
            _rescaler.Add(_stream, fragment, packet.AsSpan(VideoHeader.Bytes, length - VideoHeader.Bytes));
        }
    }

    private static byte[] Picture(int width, int height)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3, Scalar.Black);
        Cv2.Rectangle(picture, new Rect(0, 0, width / 2, height), Scalar.White, -1);
        return picture.ImEncode(".jpg");
    }
}
