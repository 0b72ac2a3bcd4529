using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Media.Audio;

public sealed class AudioDemoTests
{
    [Fact]
    public async Task A_voice_is_made_once_is_quiet_and_has_pauses()
    {
        using var folder = new TempFolder();
        var person = new DemoPerson(1, "Ben", folder.Path);
        string path = await AudioDemo.PrepareAsync(person, CancellationToken.None);
        DateTime made = File.GetLastWriteTimeUtc(path);
        short[] voice = WavReader.Read(await AudioDemo.PrepareAsync(person, CancellationToken.None));
        Assert.Equal(made, File.GetLastWriteTimeUtc(path));
        Assert.InRange(voice.Max(x => Math.Abs((int)x)), 3_000, 20_000);
        Assert.True(voice.Chunk(AudioFormat.FrameSize).Count(frame => frame.All(x => Math.Abs((int)x) < 100)) > 200);
    }

    [Fact]
    public void Everybody_has_a_voice_of_their_own() =>
        Assert.Equal(4, Enumerable.Range(0, 4).Select(i => string.Join(' ', AudioDemo.Compose(i).Take(480_000).Where((_, at) => at % 4800 == 0))).Distinct().Count());
}
