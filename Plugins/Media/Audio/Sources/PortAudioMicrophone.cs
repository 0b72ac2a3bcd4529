using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>A sound card's input; its clock sets the pace.</summary>
internal sealed class PortAudioMicrophone(nint stream, FrameShape shape) : IMicrophone
{
    private readonly float[] _frame = new float[shape.Length];

    /// <inheritdoc />
    public Task RunAsync(FrameHandler handler, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Capture(handler, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Capture(FrameHandler handler, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                int result = PortAudioNative.Read(stream, _frame, (nuint)shape.Samples);
                // An overflow has lost some samples, but these are good.
                if (result < 0 && result != PortAudioNative.InputOverflowed) throw new UserErrorException("no-device", "The microphone does not answer any more; it is tried again until it is back.");
                handler(_frame);
            }
        }
        finally
        {
            PortAudioDevices.Close(stream);
        }
    }
}
