using System.Runtime.InteropServices;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>PortAudio V19, blocking interface, as much of it as is used; see portaudio.h.</summary>
internal static partial class PortAudioNative
{
    public const string Library = "libportaudio.so.2";
    public const string Package = "libportaudio2";

    public const int NoDevice = -1;
    public const nuint Float32 = 1;
    public const int OutputUnderflowed = -9980;
    public const int InputOverflowed = -9981;

    /// <summary>PaDeviceInfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DeviceInfo
    {
        public int StructVersion;
        public nint Name;
        public int HostApi;
        public int MaxInputChannels;
        public int MaxOutputChannels;
        public double LowInputLatency;
        public double LowOutputLatency;
        public double HighInputLatency;
        public double HighOutputLatency;
        public double SampleRate;
    }

    /// <summary>PaStreamParameters; latency in seconds.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StreamParameters
    {
        public int Device;
        public int Channels;
        public nuint Format;
        public double Latency;
        public nint HostApiSpecific;
    }

    [LibraryImport(Library, EntryPoint = "Pa_Initialize")]
    public static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "Pa_Terminate")]
    public static partial int Terminate();

    [LibraryImport(Library, EntryPoint = "Pa_GetErrorText")]
    public static partial nint ErrorText(int error);

    [LibraryImport(Library, EntryPoint = "Pa_GetDeviceCount")]
    public static partial int DeviceCount();

    [LibraryImport(Library, EntryPoint = "Pa_GetDeviceInfo")]
    public static unsafe partial DeviceInfo* Device(int index);

    [LibraryImport(Library, EntryPoint = "Pa_GetDefaultInputDevice")]
    public static partial int DefaultInput();

    [LibraryImport(Library, EntryPoint = "Pa_GetDefaultOutputDevice")]
    public static partial int DefaultOutput();

    [LibraryImport(Library, EntryPoint = "Pa_OpenStream")]
    public static unsafe partial int Open(
        out nint stream, StreamParameters* input, StreamParameters* output, double rate, nuint framesPerBuffer, nuint flags, nint callback, nint user);

    [LibraryImport(Library, EntryPoint = "Pa_StartStream")]
    public static partial int Start(nint stream);

    [LibraryImport(Library, EntryPoint = "Pa_ReadStream")]
    public static partial int Read(nint stream, Span<float> samples, nuint frames);

    [LibraryImport(Library, EntryPoint = "Pa_WriteStream")]
    public static partial int Write(nint stream, ReadOnlySpan<float> samples, nuint frames);

    [LibraryImport(Library, EntryPoint = "Pa_CloseStream")]
    public static partial int Close(nint stream);
}
