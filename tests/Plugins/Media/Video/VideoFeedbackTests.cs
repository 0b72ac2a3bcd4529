using LanCollab.Plugins.Media.Video;

namespace LanCollab.Tests.Plugins.Media.Video;

public class VideoFeedbackTests
{
    private readonly byte[] _space = new byte[DatagramLimits.MaxPayload];
    private readonly uint[] _numbers = new uint[VideoFeedback.MaxItems * 17];

    [Fact]
    public void Request_is_as_drawn()
    {
        int length = VideoFeedback.WriteNack(_space, [0x01020304, 0x01020305, 0x01020314, 0x01020315]);
        Assert.Equal("2102" + "01020304" + "8001" + "01020315" + "0000", Convert.ToHexString(_space.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(1u, 2u, 17u, 18u, 40u)]
    [InlineData(uint.MaxValue - 1, uint.MaxValue, 0u, 5u)]
    public void Request_is_read_as_it_was_written(params uint[] packets)
    {
        int length = VideoFeedback.WriteNack(_space, packets);
        int count = VideoFeedback.ReadNack(_space.AsSpan(0, length), _numbers);
        Assert.Equal(packets, _numbers[..count]);
    }

    [Fact]
    public void Request_takes_no_more_than_a_datagram_and_none_is_none()
    {
        uint[] many = [.. Enumerable.Range(0, 500).Select(i => (uint)i * 20)];
        Assert.Equal(VideoFeedback.MaxNackBytes, VideoFeedback.WriteNack(_space, many));
        Assert.Equal(VideoFeedback.MaxItems, VideoFeedback.ReadNack(_space.AsSpan(0, VideoFeedback.MaxNackBytes), _numbers));
        Assert.Equal(0, VideoFeedback.WriteNack(_space, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("21")]
    [InlineData("2100")]
    [InlineData("2101010203040")]
    [InlineData("210101020304")]
    [InlineData("21020102030400FF")]
    [InlineData("21FF0102030400FF")]
    public void Damaged_request_is_none(string hex) =>
        Assert.Equal(-1, VideoFeedback.ReadNack(Convert.FromHexString(hex.Length % 2 == 0 ? hex : hex + "0"), _numbers));

    [Fact]
    public void Report_is_as_drawn_and_read_as_it_was_written()
    {
        var report = new ReceiverReport(TimeSpan.FromMilliseconds(9), 0x01020304, TimeSpan.FromMicroseconds(0x05060708), 0x090A0B0C, 0x0D0E0F10);
        int length = VideoFeedback.WriteReport(_space, report);
        Assert.Equal("22000009" + "01020304" + "05060708" + "090A0B0C" + "0D0E0F10", Convert.ToHexString(_space.AsSpan(0, length)));
        Assert.True(VideoFeedback.TryReadReport(_space.AsSpan(0, length), out ReceiverReport read));
        Assert.Equal(report, read);
        Assert.False(VideoFeedback.TryReadReport(_space.AsSpan(0, length - 1), out _));
    }
}
