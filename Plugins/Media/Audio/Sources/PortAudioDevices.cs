using System.Runtime.InteropServices;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>Sound cards by PortAudio.</summary>
internal sealed class PortAudioDevices : IAudioDevices
{
    // PortAudio's open, close and enumeration are not for two threads at a time.
    private static readonly Lock Gate = new();
    private static bool _ready;
    private static int _open; // streams

    /// <inheritdoc />
    public (IReadOnlyList<Device> Microphones, IReadOnlyList<Device> Speakers) List()
    {
        lock (Gate)
        {
            Initialize();
            return ([.. List(capture: true)], [.. List(capture: false)]);
        }
    }

    /// <inheritdoc />
    public IMicrophone OpenMicrophone(string which, FrameShape shape)
    {
        lock (Gate)
        {
            nint stream = Open(which, capture: true, ref shape);
            return new PortAudioMicrophone(stream, shape);
        }
    }

    /// <inheritdoc />
    public ISpeaker OpenSpeaker(string which, int channels)
    {
        FrameShape shape = channels == 2 ? FrameShape.Stereo : FrameShape.Mono;
        lock (Gate)
        {
            nint stream = Open(which, capture: false, ref shape);
            return new PortAudioSpeaker(stream, shape.Channels);
        }
    }

    /// <summary>Closes a stream of these devices.</summary>
    public static void Close(nint stream)
    {
        lock (Gate)
        {
            _ = PortAudioNative.Close(stream);
            _open--;
        }
    }

    // The shape comes back with one channel from a device that has no more.
    private static unsafe nint Open(string which, bool capture, ref FrameShape shape)
    {
        Initialize();
        int device = Find(which, capture);
        PortAudioNative.DeviceInfo info = *PortAudioNative.Device(device);
        if ((capture ? info.MaxInputChannels : info.MaxOutputChannels) < shape.Channels) shape = FrameShape.Mono;
        var side = new PortAudioNative.StreamParameters
        {
            Device = device,
            Channels = shape.Channels,
            Format = PortAudioNative.Float32,
            Latency = Math.Max(0.04, capture ? info.LowInputLatency : info.LowOutputLatency),
        };
        Check(PortAudioNative.Open(
            out nint stream, capture ? &side : null, capture ? null : &side, AudioFormat.SampleRate, (nuint)shape.Samples, 0, 0, 0));
        int started = PortAudioNative.Start(stream);
        if (started < 0) _ = PortAudioNative.Close(stream);
        Check(started);
        _open++;
        return stream;
    }

    // PortAudio lists the devices when it starts, and only then: it is started anew to see what was plugged in since, but that would close open streams.
    private static void Initialize()
    {
        SystemLibrary.Require(PortAudioNative.Library, PortAudioNative.Package);
        if (_ready && _open > 0) return;
        if (_ready) _ = PortAudioNative.Terminate();
        _ready = false;
        AlsaErrors.Silence();
        Check(PortAudioNative.Initialize());
        _ready = true;
    }

    private static int Find(string which, bool capture)
    {
        if (which.Length == 0)
        {
            int device = capture ? PortAudioNative.DefaultInput() : PortAudioNative.DefaultOutput();
            return device != PortAudioNative.NoDevice ? device : throw Missing(capture ? "This machine has no microphone." : "This machine has no speaker.");
        }
        string[] names = Names(capture);
        int found = int.TryParse(which, out int index) && index >= 0 && index < names.Length && names[index].Length > 0
            ? index
            : Array.IndexOf(names, which) is >= 0 and var exact ? exact : Array.FindIndex(names, n => n.Contains(which, StringComparison.OrdinalIgnoreCase));
        return found >= 0
            ? found
            : throw Missing($"There is no such device as \"{which}\"; there are: {string.Join(", ", names.Index().Where(n => n.Item.Length > 0).Select(n => $"{n.Index} {n.Item}"))}.");
    }

    private static string[] Names(bool capture) => [.. Enumerable.Range(0, Math.Max(0, PortAudioNative.DeviceCount())).Select(i => NameOf(i, capture))];

    // By name, since numbers change when something is plugged in. The default one has no name here, and ALSA's own "default" is the same.
    private static IEnumerable<Device> List(bool capture)
    {
        string[] names = [.. Names(capture).Where(n => n.Length > 0 && n != "default").Distinct()];
        if (names.Length > 0) yield return new Device("device", "The system's default");
        foreach (string name in names) yield return new Device($"device:{name}", name);
    }

    // Empty for a device of the other direction.
    private static unsafe string NameOf(int index, bool capture)
    {
        PortAudioNative.DeviceInfo* info = PortAudioNative.Device(index);
        return (capture ? info->MaxInputChannels : info->MaxOutputChannels) > 0 ? Marshal.PtrToStringUTF8(info->Name) ?? "" : "";
    }

    private static void Check(int result)
    {
        if (result < 0) throw Missing($"The sound card cannot be used: {Marshal.PtrToStringUTF8(PortAudioNative.ErrorText(result))}.");
    }

    private static UserErrorException Missing(string sentence) => new("no-device", sentence);
}
