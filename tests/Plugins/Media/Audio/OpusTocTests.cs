using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public class OpusTocTests
{
    [Theory]
    [InlineData(480, 1)]
    [InlineData(960, 1)]
    [InlineData(480, 2)]
    [InlineData(960, 2)]
    public void What_libopus_writes_says_its_length_and_channels(int samples, int channels)
    {
        using IOpusEncoder encoder = new LibOpus().CreateEncoder(64_000, 5, channels);
        byte[] packet = new byte[AudioPacket.MaxOpus];
        int length = encoder.Encode(Goertzel.Tone(440, samples * channels), packet);
        Assert.Equal((samples, channels == 2), (OpusToc.Samples(packet.AsSpan(0, length)), OpusToc.IsStereo(packet.AsSpan(0, length))));
    }

    [Theory]
    [InlineData(new byte[0], 0)]
    [InlineData(new byte[] { 0x00 }, 480)] // SILK, 10 ms
    [InlineData(new byte[] { 0x18 }, 2880)] // SILK, 60 ms
    [InlineData(new byte[] { 0x61 }, 960)] // hybrid, two of 10 ms
    [InlineData(new byte[] { 0x80 }, 120)] // CELT, 2.5 ms
    [InlineData(new byte[] { 0xFB, 0x03 }, 2880)] // CELT, three of 20 ms
    [InlineData(new byte[] { 0xFB }, 0)] // and how many is missing
    public void Other_packets_are_read_as_the_RFC_has_them(byte[] packet, int samples) => Assert.Equal(samples, OpusToc.Samples(packet));
}
