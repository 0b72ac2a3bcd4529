using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class FrameShiftTests
{
    private const double Hertz = 440;

    [Theory]
    [InlineData(10, 0.3f, 1)]
    [InlineData(-10, 0.3f, 1)]
    [InlineData(12.5, 0.3f, 2)]
    [InlineData(20, 0.001f, 1)]
    public void A_tone_goes_on_without_a_step_while_the_ends_of_its_frames_are_shifted(double milliseconds, float loudness, int channels)
    {
        var shift = new FrameShift();
        float[] frame = new float[AudioFormat.FrameSize * channels], source = new float[(AudioFormat.FrameSize + FrameShift.Most) * channels];
        int spoken = 0, frames = 0;
        float last = 0, steepest = 0;
        shift.Ask(milliseconds);
        for (; frames < 500; frames++)
        {
            int samples = AudioFormat.FrameSize + shift.Next();
            for (int i = 0; i < samples * channels; i++) source[i] = Tone(spoken + i / channels, loudness);
            spoken += samples;
            shift.Fit(source.AsSpan(0, samples * channels), frame, channels);
            foreach (float sample in frame.Where((_, i) => i % channels == 0))
            {
                steepest = Math.Max(steepest, Math.Abs(sample - last));
                last = sample;
            }
        }
        Assert.Equal(frames * AudioFormat.FrameSize + milliseconds * AudioFormat.SamplesPerMillisecond, spoken, 0.5);
        double asSpoken = loudness * 2 * Math.PI * Hertz / AudioFormat.SampleRate;
        Assert.InRange(steepest, 0.99 * asSpoken, 1.1 * asSpoken);
    }

    [Fact]
    public void In_talk_a_frame_gives_up_three_samples_and_between_words_forty_eight()
    {
        var shift = new FrameShift();
        float[] frame = new float[AudioFormat.FrameSize];
        shift.Ask(10);
        float[] loud = [.. Enumerable.Range(0, 2000).Select(i => Tone(i, 0.3f))], quiet = new float[2000];
        shift.Fit(loud.AsSpan(0, AudioFormat.FrameSize + shift.Next()), frame, 1);
        Assert.Equal(3, shift.Next());
        shift.Fit(quiet.AsSpan(0, AudioFormat.FrameSize), frame, 1);
        Assert.Equal(48, shift.Next());
        shift.Ask(-0.5);
        Assert.Equal(-24, shift.Next());
        Assert.Equal(0, shift.Next());
    }

    [Fact]
    public void What_is_shifted_is_as_it_was_but_for_its_time()
    {
        float[] sound = [.. Enumerable.Range(0, 963).Select(i => Tone(i, 0.5f))], result = new float[AudioFormat.FrameSize];
        Samples.Stretch(sound, result, 1);
        for (int i = 0; i < result.Length - 2; i++) Assert.Equal(0.5 * Math.Sin(2 * Math.PI * Hertz * i * (963.0 / 960) / AudioFormat.SampleRate), result[i], 0.0002);
    }

    [Fact]
    public async Task A_shifted_file_speaks_each_sample_when_its_time_has_come()
    {
        var time = new FakeTimeProvider();
        // Each sample tells its place.
        short[] samples = [.. Enumerable.Range(0, 30_000).Select(i => (short)i)];
        var shift = new FrameShift();
        long began = 0;
        var late = new List<double>();
        var microphone = new WavMicrophone(samples, FrameShape.Mono, time, at => began = at) { Shift = shift };
        using var done = new CancellationTokenSource();
        Task running = microphone.RunAsync(frame =>
        {
            if (late.Count == 3) shift.Ask(1);
            late.Add(time.GetElapsedTime(began).TotalMilliseconds - (frame[^1] * 32768 / AudioFormat.SamplesPerMillisecond));
        }, done.Token);
        // On a thread without a context the clock's beats run inside of Advance.
        await Task.Run(() => { for (int i = 0; i < 600; i++) time.Advance(TimeSpan.FromMilliseconds(1)); }, TestContext.Current.CancellationToken);
        await done.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(late.Count >= 28, $"{late.Count} frames");
        Assert.All(late, ms => Assert.InRange(ms, -0.1, 1.3)); // the timer's whole millisecond
        Assert.Equal(0, shift.Next());
    }

    [Fact]
    public void Shifting_allocates_nothing()
    {
        var shift = new FrameShift();
        float[] frame = new float[AudioFormat.FrameSize], source = new float[AudioFormat.FrameSize + FrameShift.Most];
        shift.Ask(1000);
        Assert.Equal(0, Allocated.Least(50, () => shift.Fit(source.AsSpan(0, AudioFormat.FrameSize + shift.Next()), frame, 1)));
    }

    private static float Tone(int sample, float loudness) => loudness * (float)Math.Sin(2 * Math.PI * Hertz * sample / AudioFormat.SampleRate);
}
