using System.Runtime.InteropServices;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Sources;
using NAudio.CoreAudioApi;
using NAudio.Wave;
using Role = NAudio.CoreAudioApi.Role;

namespace LanCollab.Plugins.Media.Audio.Windows;

/// <summary>Sound cards, and what they play, by NAudio's WASAPI in shared mode. Compiled on Windows only.</summary>
internal sealed class WasapiDevices : IAudioDevices, ISystemSound
{
    /// <summary>48 kHz, float; Windows converts to what the card wants.</summary>
    public static WaveFormat Format(int channels) => WaveFormat.CreateIeeeFloatWaveFormat(AudioFormat.SampleRate, channels);

    /// <inheritdoc />
    public (IReadOnlyList<Device> Microphones, IReadOnlyList<Device> Speakers) List() => ([.. List(DataFlow.Capture)], [.. List(DataFlow.Render)]);

    /// <inheritdoc />
    public Task<IReadOnlyList<Device>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Device>>([.. List(DataFlow.Render)]);

    /// <inheritdoc />
    public IMicrophone OpenMicrophone(string which, FrameShape shape) =>
        Guard(() => new WasapiMicrophone(new WasapiCapture(Find(which, DataFlow.Capture)) { WaveFormat = Format(shape.Channels) }, shape));

    /// <inheritdoc />
    public IMicrophone Open(string which, FrameShape shape) =>
        Guard(() => new WasapiMicrophone(new WasapiLoopbackCapture(Find(which, DataFlow.Render)) { WaveFormat = Format(shape.Channels) }, shape));

    /// <inheritdoc />
    public ISpeaker OpenSpeaker(string which, int channels) => Guard(() => new WasapiSpeaker(Find(which, DataFlow.Render), channels));

    private static IEnumerable<Device> List(DataFlow flow)
    {
        using var all = new MMDeviceEnumerator();
        if (!all.HasDefaultAudioEndpoint(flow, Role.Communications)) yield break;
        yield return new Device("device", "The system's default");
        foreach (MMDevice device in all.EnumerateAudioEndPoints(flow, DeviceState.Active)) yield return new Device($"device:{device.FriendlyName}", device.FriendlyName);
    }

    private static MMDevice Find(string which, DataFlow flow)
    {
        using var all = new MMDeviceEnumerator();
        if (which.Length == 0) return all.GetDefaultAudioEndpoint(flow, Role.Communications);
        MMDevice[] devices = [.. all.EnumerateAudioEndPoints(flow, DeviceState.Active)];
        return devices.FirstOrDefault(d => d.FriendlyName == which)
            ?? devices.FirstOrDefault(d => d.FriendlyName.Contains(which, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserErrorException("no-device", $"There is no such device as \"{which}\"; there are: {string.Join(", ", devices.Select(d => d.FriendlyName))}.");
    }

    private static T Guard<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (COMException e)
        {
            throw new UserErrorException("no-device", $"The sound card cannot be used: {e.Message.TrimEnd('.')}.");
        }
    }
}

/// <summary>An input, or what an output plays; its clock sets the pace.</summary>
internal sealed class WasapiMicrophone(WasapiCapture capture, FrameShape shape) : IMicrophone
{
    private readonly float[] _frame = new float[shape.Length];
    private int _filled;

    /// <inheritdoc />
    public async Task RunAsync(FrameHandler handler, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (capture)
        {
            capture.DataAvailable += (_, data) => Take(MemoryMarshal.Cast<byte, float>(data.Buffer.AsSpan(0, data.BytesRecorded)), handler);
            capture.RecordingStopped += (_, _) => ended.TrySetException(new UserErrorException("no-device", "The microphone does not answer any more; it is tried again until it is back."));
            cancellationToken.ThrowIfCancellationRequested();
            capture.StartRecording();
            await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Take(ReadOnlySpan<float> samples, FrameHandler handler)
    {
        while (!samples.IsEmpty)
        {
            int taken = Math.Min(samples.Length, _frame.Length - _filled);
            samples[..taken].CopyTo(_frame.AsSpan(_filled));
            samples = samples[taken..];
            _filled = (_filled + taken) % _frame.Length;
            if (_filled == 0) handler(_frame);
        }
    }
}

/// <summary>An output. What waits longer than a tenth of a second is dropped, since the card's clock and ours differ.</summary>
internal sealed class WasapiSpeaker : ISpeaker
{
    private readonly BufferedWaveProvider _waiting;
    private readonly byte[] _bytes;
    private readonly WasapiOut _out;
    private volatile bool _gone;

    public WasapiSpeaker(MMDevice device, int channels)
    {
        Channels = channels;
        _bytes = new byte[channels * AudioFormat.FrameSize * sizeof(float)];
        _waiting = new BufferedWaveProvider(WasapiDevices.Format(channels)) { BufferDuration = TimeSpan.FromMilliseconds(100), DiscardOnBufferOverflow = true };
        _out = new WasapiOut(device, AudioClientShareMode.Shared, useEventSync: true, latency: 40);
        _out.PlaybackStopped += (_, _) => _gone = true;
        _out.Init(_waiting);
        _out.Play();
    }

    /// <inheritdoc />
    public int Channels { get; }

    /// <inheritdoc />
    public void Play(ReadOnlySpan<float> frame, bool audible)
    {
        if (_gone) throw new IOException("The speaker does not answer any more; it is tried again until it is back.");
        MemoryMarshal.AsBytes(frame).CopyTo(_bytes);
        _waiting.AddSamples(_bytes, 0, _bytes.Length);
    }

    /// <inheritdoc />
    public void Dispose() => _out.Dispose();
}
