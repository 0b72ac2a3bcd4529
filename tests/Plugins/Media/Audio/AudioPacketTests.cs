using CsCheck;
using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class AudioPacketTests
{
    [Fact]
    public void The_layout_is_the_drawn_one()
    {
        var bytes = new byte[AudioPacket.HeaderLength + 1];
        new AudioPacket(AudioKind.Frame, 0x01020304, 0x05060708, 0x090A0B0C, 0x0D).Write(bytes);
        Assert.Equal("01" + "01020304" + "05060708" + "090A0B0C" + "0D" + "00", Convert.ToHexString(bytes));
    }

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt, Gen.Byte[0, 127], Gen.Byte.Array[1, AudioPacket.MaxOpus], Gen.Bool).Sample((stream, sequence, timestamp, level, opus, last) =>
        {
            var written = new AudioPacket(AudioKind.Frame, stream, sequence, timestamp, level, last);
            byte[] bytes = [.. new byte[AudioPacket.HeaderLength], .. opus];
            written.Write(bytes);
            Assert.True(AudioPacket.TryRead(bytes, out AudioPacket read, out ReadOnlySpan<byte> body));
            Assert.Equal(written, read);
            Assert.Equal(opus, body.ToArray());
        });

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // a frame without sound
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 })] // an end with sound
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 })] // an unknown kind
    [InlineData(new byte[] { 0x82, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // an end that is a last frame
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // too short
    public void A_malformed_packet_is_refused(byte[] bytes) => Assert.False(AudioPacket.TryRead(bytes, out _, out _));

    [Fact]
    public void A_packet_too_long_is_refused()
    {
        var bytes = new byte[AudioPacket.MaxLength + 1];
        bytes[0] = 1;
        Assert.False(AudioPacket.TryRead(bytes, out _, out _));
    }
}
