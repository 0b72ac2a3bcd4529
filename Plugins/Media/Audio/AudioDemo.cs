using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio.Sources;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// The voice of a demo person: a quiet phrase on a wooden-sounding instrument, then a long pause, so that the people seem to take turns. Each has
/// a register and a melody of their own.
/// </summary>
internal static class AudioDemo
{
    private const int Seconds = 12;
    private const float Loudness = 0.16f;

    // Half-tones above the person's lowest note, of one pentatonic scale, so that whoever meets sounds well together; null is a rest.
    private static readonly int?[][] Melodies =
    [
        [0, 4, 7, null, 9, 7, 4, null, 0],
        [12, 9, null, 7, 9, 4, null, 7, 4],
        [4, null, 7, 12, null, 9, 7, 4, 2],
        [7, 7, 9, null, 4, 2, null, 0, 4],
    ];

    // Seconds from note to note. Different ones: who keeps the same time as another is taken for sitting beside them.
    private static readonly double[] Beats = [0.3, 0.26, 0.28, 0.23];

    private static readonly double[] Registers = [220, 329.63, 164.81, 440]; // Hz: A3, E4, E3, A4

    /// <summary>Makes the file unless it is there.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> PrepareAsync(DemoPerson person, CancellationToken cancellationToken)
    {
        string path = Path.Combine(person.Folder, "voice.wav");
        if (!File.Exists(path)) await Task.Run(() => Write(person, path), cancellationToken).ConfigureAwait(false);
        return path;
    }

    // Under another name first: a demo that is stopped meanwhile leaves no half file that the next one would play.
    private static void Write(DemoPerson person, string path)
    {
        Directory.CreateDirectory(person.Folder);
        string unfinished = path + ".part";
        using (var file = new WavWriter(unfinished))
            foreach (float[] frame in Compose(person.Index).Chunk(AudioFormat.FrameSize)) file.Write(frame);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>The whole phrase with its pause; 48 kHz.</summary>
    internal static float[] Compose(int person)
    {
        var sound = new float[Seconds * AudioFormat.SampleRate];
        int?[] melody = Melodies[person % Melodies.Length];
        double register = Registers[person % Registers.Length], beat = Beats[person % Beats.Length];
        double begin = 0.4 + 3 * (person % Melodies.Length); // seconds: each has a slot in the twelve
        for (int note = 0; note < melody.Length; note++)
            if (melody[note] is { } step) Strike(sound, begin + note * beat, register * Math.Pow(2, step / 12.0));
        return sound;
    }

    // A struck bar: the fundamental and its fourth and tenth harmonics, the higher the sooner gone. What rings past the end begins the loop.
    private static void Strike(float[] sound, double at, double frequency)
    {
        int start = (int)(at * AudioFormat.SampleRate);
        for (int i = 0; i < AudioFormat.SampleRate; i++)
        {
            double t = (double)i / AudioFormat.SampleRate;
            double attack = Math.Min(1, t / 0.006);
            double tone = Math.Sin(2 * Math.PI * frequency * t) * Math.Exp(-5 * t)
                + 0.25 * Math.Sin(2 * Math.PI * 4 * frequency * t) * Math.Exp(-14 * t)
                + 0.06 * Math.Sin(2 * Math.PI * 10 * frequency * t) * Math.Exp(-40 * t);
            sound[(start + i) % sound.Length] += Loudness * (float)(attack * tone);
        }
    }
}
