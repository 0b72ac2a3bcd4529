using System.Diagnostics;
using System.Net.Sockets;

namespace LanCollab.Tests.Support.Media;

/// <summary>
/// A PulseAudio server of the test's own, with sound cards that are not there: what is played on <see cref="Cable"/> is heard by the default microphone, what is played on
/// the default speaker can be recorded. Needs Debian's <c>pulseaudio</c>.
/// </summary>
public sealed class PulseServer : IAsyncDisposable
{
    /// <summary>A sink; the microphone hears it.</summary>
    public const string Cable = "cable";

    /// <summary>The default sink.</summary>
    public const string Speaker = "speaker";

    private readonly TempFolder _folder = new();
    private readonly List<Process> _helpers = [];
    private Process _server = null!;

    /// <summary>Starts a program so that it finds this server and no other.</summary>
    public IReadOnlyList<string> Launcher => ["env", $"PULSE_SERVER=unix:{SocketPath}", $"XDG_RUNTIME_DIR={_folder.Path}", $"HOME={_folder.Path}", "PULSE_COOKIE="];

    private string SocketPath => Path.Combine(_folder.Path, "native");

    /// <summary>Starts one.</summary>
    public static async Task<PulseServer> StartAsync()
    {
        var server = new PulseServer();
        await server.PlugInAsync();
        return server;
    }

    /// <summary>All sound cards are gone at once, as with the only USB headset.</summary>
    public async Task UnplugAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        File.Delete(SocketPath);
    }

    /// <summary>They are back.</summary>
    public async Task PlugInAsync()
    {
        _server = Start("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
            "-L", $"module-native-protocol-unix socket={SocketPath} auth-anonymous=1",
            "-L", $"module-null-sink sink_name={Speaker}", "-L", $"module-null-sink sink_name={Cable}",
            "-L", $"module-virtual-source source_name=microphone master={Cable}.monitor");
        await UntilAsync(() => Task.FromResult(Listens()));
        await RunAsync("pactl", "set-default-sink", Speaker);
        await RunAsync("pactl", "set-default-source", "microphone");
    }

    /// <summary>Plays a tone on a sink until told otherwise; returns when the server has the program.</summary>
    /// <returns>Dispose it to end it.</returns>
    public async Task<IDisposable> PlayAsync(string sink, double frequency)
    {
        int before = await PlayersAsync();
        Process player = Start("pacat", "--playback", $"--device={sink}", "--format=float32le", "--rate=48000", "--channels=1", "--latency-msec=50");
        _ = FeedAsync(player, Goertzel.Tone(frequency, 48_000));
        _helpers.Add(player);
        await UntilAsync(async () => await PlayersAsync() > before);
        return new Running(player);
    }

    /// <summary>Records what a sink plays, half a second of it; gives samples of 48 kHz.</summary>
    public async Task<float[]> RecordAsync(string sink)
    {
        using Process recorder = Start("parec", $"--device={sink}.monitor", "--format=float32le", "--rate=48000", "--channels=1", "--latency-msec=20");
        var bytes = new byte[24_000 * sizeof(float)];
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        await recorder.StandardOutput.BaseStream.ReadExactlyAsync(bytes, patience.Token);
        recorder.Kill();
        await recorder.WaitForExitAsync();
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private static async Task FeedAsync(Process player, float[] second)
    {
        byte[] bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(second).ToArray();
        try
        {
            while (!player.HasExited) await player.StandardInput.BaseStream.WriteAsync(bytes);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Looks until it is so: the server tells nobody but its own clients.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition()) await look.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Its socket is there a moment before anybody may connect to it.</summary>
    private bool Listens()
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>How many programs play.</summary>
    private async Task<int> PlayersAsync() => (await RunAsync("pactl", "list", "short", "sink-inputs")).Count(c => c == '\n');

    private async Task<string> RunAsync(params string[] command)
    {
        using Process process = Start(command[0], command[1..]);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }

    private Process Start(string program, params string[] arguments)
    {
        string[] command = [.. Launcher, program, .. arguments];
        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        foreach (Process helper in _helpers) End(helper);
        End(_server);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        catch (InvalidOperationException)
        {
            // It was ended before.
        }
    }

    private sealed class Running(Process process) : IDisposable
    {
        public void Dispose() => End(process);
    }
}
