using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Audio.Sources;

/// <summary>
/// What is played on this machine, by PulseAudio's own programs <c>pactl</c> and <c>parec</c> (PipeWire brings the same ones): the monitor of an output, or one program alone.
/// </summary>
internal sealed class PulseSound : ISystemSound
{
    private const string Output = "output:", Program = "program:";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public async Task<IReadOnlyList<Device>> ListAsync(CancellationToken cancellationToken)
    {
        List<Device> found = [];
        foreach (JsonElement program in await AskAsync("sink-inputs", cancellationToken).ConfigureAwait(false))
            if (PropertyOf(program, "application.process.id") != $"{Environment.ProcessId}")
                found.Add(new Device($"device:{Program}{program.GetProperty("index")}", $"Only {PropertyOf(program, "application.name") ?? "a program"}: {PropertyOf(program, "media.name")}"));
        JsonElement[] outputs = await AskAsync("sinks", cancellationToken).ConfigureAwait(false);
        if (outputs.Length > 0) found.Add(new Device("device", "Everything that is played, the others' voices too"));
        if (outputs.Length > 1) found.AddRange(outputs.Select(o => new Device($"device:{Output}{o.GetProperty("name")}", $"Everything on {o.GetProperty("description")}")));
        return found;
    }

    /// <inheritdoc />
    public IMicrophone Open(string which, FrameShape shape) => new Recorder(shape, which switch
    {
        "" => "--device=@DEFAULT_MONITOR@",
        _ when which.StartsWith(Output, StringComparison.Ordinal) => $"--device={which[Output.Length..]}.monitor",
        _ when which.StartsWith(Program, StringComparison.Ordinal) && uint.TryParse(which[Program.Length..], out uint index) => $"--monitor-stream={index}",
        _ => throw new UserErrorException("no-device", $"\"{which}\" is nothing that plays; use output:<name> or program:<number>."),
    });

    private static string? PropertyOf(JsonElement item, string name) =>
        item.TryGetProperty("properties", out JsonElement all) && all.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    // No PulseAudio, an old one, or one that does not answer: nothing can be listened to.
    private static async Task<JsonElement[]> AskAsync(string what, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using Process pactl = Start("pactl", "--format=json", "list", what);
            string answer = await pactl.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            return [.. JsonDocument.Parse(answer).RootElement.EnumerateArray()];
        }
        catch (Exception e) when (e is JsonException or UserErrorException or OperationCanceledException or InvalidOperationException)
        {
            return [];
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            throw new UserErrorException("missing-library", $"The program {program} is missing; install it with: apt-get install pulseaudio-utils");
        }
    }

    private sealed class Recorder(FrameShape shape, string which) : IMicrophone
    {
        private readonly float[] _frame = new float[shape.Length];
        private readonly byte[] _bytes = new byte[shape.Length * sizeof(float)];

        public async Task RunAsync(FrameHandler handler, CancellationToken cancellationToken)
        {
            using Process parec = Start("parec", which, "--raw", "--format=float32le", $"--rate={AudioFormat.SampleRate}", $"--channels={shape.Channels}", "--latency-msec=20", "--client-name=LanCollab");
            parec.ErrorDataReceived += (_, _) => { }; // read away, so that it never waits
            parec.BeginErrorReadLine();
            try
            {
                while (true)
                {
                    await parec.StandardOutput.BaseStream.ReadExactlyAsync(_bytes, cancellationToken).ConfigureAwait(false);
                    MemoryMarshal.Cast<byte, float>(_bytes).CopyTo(_frame);
                    handler(_frame);
                }
            }
            catch (EndOfStreamException)
            {
                throw new UserErrorException("no-device", "What this computer plays cannot be heard any more; it is tried again until it is back.");
            }
            finally
            {
                parec.Kill();
            }
        }
    }
}
