using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Media.Audio.Codec;

/// <summary>libopus 1.3, as much of it as is used; the constants are those of opus_defines.h.</summary>
internal static partial class OpusNative
{
    public const string Library = "libopus.so.0";
    public const string Package = "libopus0";

    // Not VOIP: that takes the hybrid mode, at three times CELT's time and with a lower segmental SNR at 32 kbit/s (5 dB against 13).
    public const int ApplicationAudio = 2049;
    public const int ApplicationVoip = 2048;
    public const int SetBitrate = 4002;
    public const int SetComplexity = 4010;
    public const int SetForceChannels = 4022;
    public const int SetInbandFec = 4012;
    public const int SetPacketLossPercent = 4014;
    public const int ResetState = 4028;

    [LibraryImport(Library, EntryPoint = "opus_encoder_create")]
    public static partial nint EncoderCreate(int rate, int channels, int application, out int error);

    [LibraryImport(Library, EntryPoint = "opus_encoder_destroy")]
    public static partial void EncoderDestroy(nint encoder);

    // opus_encoder_ctl is variadic in C; with one int after the fixed arguments the System V and AAPCS64 conventions are the same.
    [LibraryImport(Library, EntryPoint = "opus_encoder_ctl")]
    public static partial int EncoderControl(OpusEncoderHandle encoder, int request, int value);

    [LibraryImport(Library, EntryPoint = "opus_encode_float")]
    public static partial int Encode(OpusEncoderHandle encoder, ReadOnlySpan<float> pcm, int frameSize, Span<byte> data, int maxBytes);

    [LibraryImport(Library, EntryPoint = "opus_decoder_create")]
    public static partial nint DecoderCreate(int rate, int channels, out int error);

    [LibraryImport(Library, EntryPoint = "opus_decoder_destroy")]
    public static partial void DecoderDestroy(nint decoder);

    [LibraryImport(Library, EntryPoint = "opus_decoder_ctl")]
    public static partial int DecoderControl(OpusDecoderHandle decoder, int request);

    [LibraryImport(Library, EntryPoint = "opus_decode_float")]
    public static partial int Decode(OpusDecoderHandle decoder, ReadOnlySpan<byte> data, int length, Span<float> pcm, int frameSize, int fec);
}

/// <summary>An OpusEncoder of the library.</summary>
internal sealed class OpusEncoderHandle : SafeHandle
{
    public OpusEncoderHandle(int channels = 1, int application = OpusNative.ApplicationAudio) : base(0, true) =>
        SetHandle(OpusNative.EncoderCreate(AudioFormat.SampleRate, channels, application, out _));

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OpusNative.EncoderDestroy(handle);
        return true;
    }
}

/// <summary>An OpusDecoder of the library.</summary>
internal sealed class OpusDecoderHandle : SafeHandle
{
    public OpusDecoderHandle(int channels = 1) : base(0, true) => SetHandle(OpusNative.DecoderCreate(AudioFormat.SampleRate, channels, out _));

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        OpusNative.DecoderDestroy(handle);
        return true;
    }
}
