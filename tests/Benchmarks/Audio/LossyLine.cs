using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// One sound from encoder to decoder, some packets lost on the way: a lost frame is taken from the next packet's copy, else from its correction data, else made
/// up. What comes out is in step with what went in: the codec's delay is taken off.
/// </summary>
internal sealed class LossyLine(IOpusEncoder encoder, bool copies, Func<int, bool> isLost)
{
    private const int LookAhead = 312; // samples at 48 kHz, of CELT and of the hybrid mode with its resampler alike (OPUS_GET_LOOKAHEAD)

    /// <summary>Bytes of all packets, lost ones included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Carries a sound.</summary>
    public float[] Carry(float[] sound)
    {
        using var sender = new OpusSender(encoder) { Corrects = copies };
        byte[][] packets = [.. Frames(sound).Select(frame => sender.Frame(frame).ToArray())];
        Bytes += packets.Sum(packet => packet.Length);
        bool[] lost = [.. packets.Select((_, i) => isLost(i))];
        var heard = new float[packets.Length * AudioFormat.FrameSize];
        using IOpusDecoder decoder = new LibOpus().CreateDecoder();
        for (int i = 0; i < packets.Length; i++)
            Decode(decoder, packets, lost, i, heard.AsSpan(i * AudioFormat.FrameSize, AudioFormat.FrameSize));
        return [.. heard.Skip(LookAhead).Take(sound.Length)];
    }

    private static IEnumerable<float[]> Frames(float[] sound)
    {
        int count = (sound.Length + LookAhead + AudioFormat.FrameSize - 1) / AudioFormat.FrameSize;
        Array.Resize(ref sound, count * AudioFormat.FrameSize);
        return sound.Chunk(AudioFormat.FrameSize);
    }

    private static void Decode(IOpusDecoder decoder, byte[][] packets, bool[] lost, int at, Span<float> frame)
    {
        bool followed = at + 1 < packets.Length && !lost[at + 1];
        if (!lost[at])
        {
            AudioPacket.TryRead(packets[at], out _, out ReadOnlySpan<byte> opus);
            decoder.Decode(opus, frame);
        }
        else if (followed && AudioPacket.TryRead(packets[at + 1], out _, out ReadOnlySpan<byte> following, out ReadOnlySpan<byte> copy))
        {
            if (copy.IsEmpty) decoder.Recover(following, frame);
            else decoder.Decode(copy, frame);
        }
        else decoder.Conceal(frame);
    }
}
