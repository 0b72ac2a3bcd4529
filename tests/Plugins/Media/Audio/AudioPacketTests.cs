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
    [InlineData(new byte[] { 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // a copy without a length
    [InlineData(new byte[] { 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 })] // a copy of nothing
    [InlineData(new byte[] { 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 9, 9 })] // a copy and no frame
    [InlineData(new byte[] { 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 9, 9 })] // a copy that is longer than the packet
    [InlineData(new byte[] { 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9 })] // an end with a copy
    public void A_malformed_packet_is_refused(byte[] bytes) => Assert.False(AudioPacket.TryRead(bytes, out _, out _));

    [Fact]
    public void A_copy_of_the_frame_before_is_read_and_left_out() =>
        Gen.Select(Gen.Byte.Array[1, 300], Gen.Byte.Array[1, AudioPacket.MaxOpus], Gen.Bool).Sample((before, opus, last) =>
        {
            var written = new AudioPacket(AudioKind.Frame, 1, 2, 3, 4, last);
            byte[] bytes = [.. new byte[AudioPacket.HeaderLength + AudioPacket.CopyHeaderLength], .. before, .. opus];
            written.Write(bytes);
            AudioPacket.MarkCopy(bytes, before.Length);
            Assert.True(AudioPacket.TryRead(bytes, out AudioPacket read, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> copy));
            Assert.Equal(written, read);
            Assert.Equal(opus, body.ToArray());
            Assert.Equal(before, copy.ToArray());

            var plain = new byte[bytes.Length];
            plain = plain[..AudioPacket.WithoutCopy(bytes, plain)];
            Assert.True(AudioPacket.TryRead(plain, out read, out body, out copy));
            Assert.Equal(written, read);
            Assert.Equal(opus, body.ToArray());
            Assert.True(copy.IsEmpty);
        });

    [Fact]
    public void A_packet_too_long_is_refused()
    {
        var bytes = new byte[AudioPacket.MaxLength + 1];
        bytes[0] = 1;
        Assert.False(AudioPacket.TryRead(bytes, out _, out _));
    }
}
