using System.Diagnostics;
using LanCollab.Benchmarks.Files;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Codec;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support.Sound;

namespace LanCollab.Benchmarks.Audio;

/// <summary>
/// Sentences of espeak-ng through the codec at several losses: concealment alone, Opus' own correction data (LBRR in hybrid mode, RFC 6716, 2.1.7), and copies
/// of the frame before in each packet, as this program sends. Segmental SNR, intelligibility (STOI), bytes a second and processor time.
/// <c>--seed 1 --bitrate 32000 --complexity 5</c>.
/// </summary>
internal static class QualityBenchmark
{
    private static readonly string[] Sentences =
    [
        "The birch canoe slid on the smooth planks.", "Glue the sheet to the dark blue background.", "It is easy to tell the depth of a well.",
        "These days a chicken leg is a rare dish.", "Rice is often served in round bowls.", "The juice of lemons makes fine punch.",
        "The box was thrown beside the parked truck.", "The hogs were fed chopped corn and garbage.", "Four hours of steady work faced us.",
        "A large size in stockings is hard to sell.",
    ];

    private static readonly string[] Ways = ["concealed", "inband", "copies"];

    /// <summary>Prints a line for each way and loss.</summary>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var settings = new Settings(arguments);
        await Packages.RequireAsync("espeak-ng", "espeak-ng");
        float[][] spoken = [.. Sentences.Select(Speak)];
        int seed = settings.Number("seed", 1), bitrate = settings.Number("bitrate", 32_000), complexity = settings.Number("complexity", 5);
        Console.WriteLine($"seed={seed} sentences={spoken.Length} bitrate={bitrate} complexity={complexity}");
        foreach (double loss in (ReadOnlySpan<double>)[0, 0.05, 0.1, 0.2])
            foreach (string way in Ways) Measure(way, loss, spoken, () => Encoder(way, bitrate, complexity, loss), seed);
    }

    private static IOpusEncoder Encoder(string way, int bitrate, int complexity, double loss)
    {
        IOpusEncoder encoder = way == "inband" ? new InBandEncoder(bitrate, complexity) : new LibOpus().CreateEncoder(bitrate, complexity);
        encoder.ExpectedLoss = loss;
        return encoder;
    }

    private static void Measure(string way, double loss, float[][] spoken, Func<IOpusEncoder> encoder, int seed)
    {
        double snr = 0, stoi = 0, bytes = 0, seconds = 0;
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        var heard = new List<float[]>();
        var random = new Random(seed); // the same packets are lost for each way
        foreach (float[] sentence in spoken)
        {
            using IOpusEncoder own = encoder();
            var call = new LossyLine(own, way == "copies" && loss > 0, frame => random.NextDouble() < loss);
            heard.Add(call.Carry(sentence));
            (bytes, seconds) = (bytes + call.Bytes, seconds + sentence.Length / (double)AudioFormat.SampleRate);
        }
        double cpu = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds;
        for (int i = 0; i < spoken.Length; i++)
        {
            snr += SegmentalSnr.Of(spoken[i], heard[i], AudioFormat.FrameSize) / spoken.Length;
            stoi += Stoi.Of(Narrow(spoken[i]), Narrow(heard[i])) / spoken.Length;
        }
        Result.Print($"quality {way}", ("lossPercent", loss * 100), ("segmentalSnrDb", snr), ("stoi", stoi), ("kbitPerSecond", bytes * 8 / seconds / 1000), ("cpuMsPerSecond", cpu / seconds));
    }

    private static float[] Narrow(float[] sound) => Resampler.Resample(sound, AudioFormat.SampleRate, Stoi.Rate);

    private static float[] Speak(string sentence)
    {
        string path = Path.GetTempFileName();
        try
        {
            using var espeak = Process.Start(new ProcessStartInfo("espeak-ng", ["-v", "en", "-s", "150", "-w", path, sentence]))!;
            espeak.WaitForExit();
            return [.. WavReader.Read(path).Select(sample => sample / 32768f)];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
