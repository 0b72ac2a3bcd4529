using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Mix;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

/// <summary>Somebody sends what nobody should, twice in each beat; somebody else talks, and is heard as before. The hub counts.</summary>
public sealed class BadInputTests : IDisposable
{
    private const uint Stream = 7;
    private const byte Loud = 20;

    private readonly TestRoom _room = new();
    private readonly TestPerson _ada, _ear, _bad;

    public BadInputTests()
    {
        (_ada, _ear, _bad) = (_room.Join("ada"), _room.Join("ear"), _room.Join("bad"));
        _ada.Says = Goertzel.Tone(440, AudioFormat.SampleRate);
        _room.Run(50);
        _ear.Heard.Clear();
    }

    private Participant Bad => _room.Mixer.Find(_bad.Peer)!;

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("01000000070000000100000000")] // no level, no sound
    [InlineData("0100000007000000010000000014")] // a frame without Opus
    [InlineData("0200000007000000010000000014FF")] // an end with it
    [InlineData("0300000007000000010000000014FF")] // neither
    public void Malformed_packets_are_counted(string packet)
    {
        Spoil(_ => Bad.Receive(Convert.FromHexString(packet)));
        Assert.Equal(200, Bad.Malformed);
    }

    [Fact]
    public void A_packet_of_any_length_that_is_too_long_is_counted()
    {
        Spoil(i => Bad.Receive(new byte[AudioPacket.MaxLength + 1 + i]));
        Assert.Equal(200, Bad.Malformed);
    }

    [Theory]
    [InlineData("FB03", 30)] // three frames of 20 ms: 2880 samples
    [InlineData("18", 20)] // one of 60 ms
    [InlineData("E0", 0)] // 1 byte, of 2.5 ms
    [InlineData("FB00", 5)] // code 3 with no frames: not Opus
    [InlineData("FBFF", 0)] // 63 frames in 2 bytes
    public void Opus_that_is_no_frame_of_20_ms_is_counted(string opus, int more)
    {
        byte[] bytes = [.. Convert.FromHexString(opus), .. Enumerable.Repeat((byte)0x55, more)];
        Spoil(i => { if (i % 2 == 0) Send(Stream, (uint)i / 2 * AudioFormat.FrameSize, bytes); });
        Assert.InRange(Bad.Corrupt, 80, 100);
    }

    [Fact]
    public void A_packet_that_is_late_by_minutes_is_counted()
    {
        const uint now = 10 * 60 * AudioFormat.SampleRate;
        Spoil(i => Send(Stream, i % 2 == 0 ? now + (uint)i / 2 * AudioFormat.FrameSize : (uint)i * AudioFormat.FrameSize, Silence));
        Assert.Equal(100, Bad.Counters.Late);
    }

    [Fact]
    public void Streams_that_nobody_announced_are_each_a_new_one()
    {
        var random = new Random(4);
        Spoil(_ => Send((uint)random.NextInt64(), (uint)random.NextInt64(), Silence));
    }

    [Fact]
    public void Two_who_send_as_one_disturb_only_each_other()
    {
        Spoil(i => Send(Stream + (uint)(i % 2), (uint)(i % 2 * 1_000_007 + i / 2 * AudioFormat.FrameSize), Silence));
        Assert.Equal(0, Bad.Malformed);
    }

    // 20 ms that hold nothing.
    private static byte[] Silence => [0xF8, 0xFF, 0xFE];

    private void Send(uint stream, uint timestamp, byte[] opus)
    {
        var packet = new byte[AudioPacket.HeaderLength + opus.Length];
        new AudioPacket(AudioKind.Frame, stream, timestamp / AudioFormat.FrameSize, timestamp, Loud).Write(packet);
        opus.CopyTo(packet, AudioPacket.HeaderLength);
        Bad.Receive(packet);
    }

    private void Spoil(Action<int> send)
    {
        for (int i = 0; i < 200; i++)
        {
            send(i);
            if (i % 2 == 1) _room.Run(1);
        }
        Assert.InRange(_ear.Power(440), -13, -11);
        Assert.DoesNotContain(_ear.Heard.Chunk(AudioFormat.FrameSize), frame => AudioLevel.Of(frame) is < 14 or > 16);
    }

    public void Dispose() => _room.Dispose();
}
