using LanCollab.Tests.Support.Sound;

namespace LanCollab.Tests.Support.Tests;

/// <summary>The measures of speech, on sounds of which one knows what must come out.</summary>
public sealed class SoundMeasuresTests
{
    private const int Seed = 11;

    // Four syllables a second of a buzz: envelopes that move, as speech's do.
    private static readonly float[] Voice = [.. Enumerable.Range(0, 3 * Stoi.Rate).Select(i =>
    {
        double time = i / (double)Stoi.Rate, sum = 0;
        for (int harmonic = 1; harmonic <= 25; harmonic++) sum += Math.Sin(2 * Math.PI * 130 * harmonic * time) / harmonic;
        return (float)(0.1 * Math.Pow(Math.Sin(Math.PI * 4 * time), 2) * sum);
    })];

    [Fact]
    public void What_arrives_as_it_was_spoken_is_understood_wholly()
    {
        Assert.Equal(1, Stoi.Of(Voice, Voice), 3);
        Assert.Equal(1, Stoi.Of(Voice, [.. Voice.Select(sample => 0.1f * sample)]), 3);
        Assert.Equal(35, SegmentalSnr.Of(Voice, Voice, 200), 3);
    }

    [Fact]
    public void The_more_noise_the_less_is_understood()
    {
        double[] understood = [.. new[] { 0.01f, 0.1f, 1f }.Select(noise => Stoi.Of(Voice, Noisy(noise)))];
        Assert.True(understood[0] > 0.9 && understood[0] > understood[1] && understood[1] > understood[2] && understood[2] < 0.5,
            $"seed {Seed}: {string.Join(", ", understood)}");
    }

    [Fact]
    public void Noise_at_a_tenth_of_the_amplitude_is_20_dB_below()
    {
        float[] steady = Goertzel.Tone(440, 48_000);
        float[] heard = [.. steady.Select(sample => 1.1f * sample)];
        Assert.Equal(20, SegmentalSnr.Of(steady, heard, 960), 1);
    }

    [Fact]
    public void Gaps_are_heard_by_both()
    {
        float[] torn = [.. Voice.Select((sample, i) => i / 200 % 5 == 0 ? 0 : sample)];
        Assert.True(Stoi.Of(Voice, torn) < 0.95);
        Assert.True(SegmentalSnr.Of(Voice, torn, 200) < 30);
    }

    [Fact]
    public void Silence_cannot_be_compared()
    {
        Assert.Throws<ArgumentException>(() => Stoi.Of(new float[100], new float[100]));
        Assert.True(double.IsNaN(SegmentalSnr.Of(new float[960], new float[960], 960)));
    }

    private static float[] Noisy(float noise)
    {
        var random = new Random(Seed);
        return [.. Voice.Select(sample => sample + noise * (float)(random.NextDouble() - 0.5))];
    }
}
