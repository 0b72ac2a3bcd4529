using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class AudioTests
{
    private const int AdasTone = 440, BobsTone = 660, NobodysTone = 550, Seconds = 4;
    private const double Apart = 20;

    [Fact]
    public async Task Everybody_hears_the_others_and_nobody_hears_itself()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        string ada = Tone.Write(meeting.Folder["ada.wav"], AdasTone), bob = Tone.Write(meeting.Folder["bob.wav"], BobsTone);
        string heardByAda = meeting.Folder["heard-by-ada.wav"], heardByCleo = meeting.Folder["heard-by-cleo.wav"];
        ClientProcess[] people = await Task.WhenAll(
            meeting.JoinAsync("Ada", $"--Plugins:Media:Microphone=file:{ada}", $"--Plugins:Media:Speaker=file:{heardByAda}"),
            meeting.JoinAsync("Bob", $"--Plugins:Media:Microphone=file:{bob}", "--Plugins:Media:Speaker=none"),
            meeting.JoinAsync("Cleo", "--Plugins:Media:Microphone=none", $"--Plugins:Media:Speaker=file:{heardByCleo}"));
        await people[2].Bridge.WaitAsync("media", "levels", e => e.GetProperty("talkers").GetArrayLength() == 2);
        await RecordedAsync(heardByAda);
        await RecordedAsync(heardByCleo);
        await Task.WhenAll(people[0].Process.StopAsync(), people[2].Process.StopAsync());

        float[] inAdasEars = End(heardByAda), inCleosEars = End(heardByCleo);
        double floor = Tone.Decibel(inCleosEars, NobodysTone);
        Assert.InRange(Tone.Decibel(inCleosEars, AdasTone), floor + Apart, 0);
        Assert.InRange(Tone.Decibel(inCleosEars, BobsTone), floor + Apart, 0);
        Assert.InRange(Tone.Decibel(inAdasEars, BobsTone), Tone.Decibel(inAdasEars, AdasTone) + Apart, 0);
    }

    /// <summary>Waits until so much of the meeting has been recorded from now on.</summary>
    private static async Task RecordedAsync(string file)
    {
        long enough = Length(file) + Seconds * Tone.Rate * sizeof(short);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (Length(file) < enough) await look.WaitForNextTickAsync(patience.Token);
    }

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    /// <summary>The last second but the very end, where the recording was stopped.</summary>
    private static float[] End(string file)
    {
        float[] all = Tone.Read(file);
        Assert.True(all.Length > Seconds * Tone.Rate, $"{file} has {all.Length} samples");
        return all[(all.Length - 2 * Tone.Rate)..(all.Length - Tone.Rate / 2)];
    }
}
