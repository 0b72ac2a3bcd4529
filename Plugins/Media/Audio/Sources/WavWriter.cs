using System.Buffers.Binary;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// Writes 48 kHz PCM of 16 bits, of one channel or two. The header is brought up to date with each write, so that the file can be read at any moment, also after a kill.
/// </summary>
internal sealed class WavWriter : IDisposable
{
    private const int HeaderLength = 44;
    private const int RiffSizeAt = 4;
    private const int DataSizeAt = 40;

    // RIFF counts in u32: after 12 hours the file takes no more.
    private const long MaxData = uint.MaxValue - HeaderLength - 2 * AudioFormat.FrameSize * sizeof(short);

    private readonly FileStream _file;
    private readonly byte[] _pcm = new byte[2 * AudioFormat.FrameSize * sizeof(short)];
    private long _data;

    /// <summary>Makes the file, or an existing one empty; folders must exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">1 or 2.</param>
    public WavWriter(string path, int channels = 1)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        WriteHeader(channels);
    }

    /// <summary>Appends a frame of up to 960 samples for each channel, by turns.</summary>
    public void Write(ReadOnlySpan<float> frame)
    {
        if (_data > MaxData) return;
        Span<byte> pcm = _pcm.AsSpan(0, frame.Length * sizeof(short));
        Samples.ToPcm16(frame, pcm);
        RandomAccess.Write(_file.SafeFileHandle, pcm, HeaderLength + _data);
        _data += pcm.Length;
        WriteSize(RiffSizeAt, HeaderLength - 8 + _data);
        WriteSize(DataSizeAt, _data);
    }

    private void WriteHeader(int channels)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[RiffSizeAt..], HeaderLength - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], AudioFormat.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)(AudioFormat.SampleRate * channels * sizeof(short)));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], (ushort)(channels * sizeof(short)));
        BinaryPrimitives.WriteUInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        RandomAccess.Write(_file.SafeFileHandle, header, 0);
    }

    private void WriteSize(int at, long size)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)size);
        RandomAccess.Write(_file.SafeFileHandle, number, at);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
