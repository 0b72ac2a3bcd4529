using LanCollab.Plugins.Media;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Audio.Sources;
using LanCollab.Plugins.Media.Timing;
using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;

namespace LanCollab.Tests.Plugins.Media.Video;

/// <summary>Hub, daemons and pages together, without a network.</summary>
public sealed class VideoRoomTests : IAsyncDisposable
{
    // The hub runs on the real clock, and other tests may have the processors: it is not to scale video down for that.
    private readonly InMemoryHub _hub = new(new Dictionary<string, string?> { ["HighCpu"] = "100", ["HighDelay"] = "1000" });

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task File_video_arrives_with_the_right_frame_numbers_in_both_sizes()
    {
        TestClientContext ada = await JoinAsync("Ada", NewVideo(frames: 12)), ben = await JoinAsync("Ben");
        VideoStarted started = await Started(ben, "Ada");
        Assert.Equal((VideoCodec.Jpeg, 640, 360), (started.Codec, started.Width, started.Height));
        foreach (VideoLayer layer in new[] { VideoLayer.Large, VideoLayer.Small })
        {
            await ben.Page.RequestAsync(new Subscribe(started.Id, layer));
            var frames = await FramesAsync(ben, f => f.Header.Layer == layer && f.Header.Stream == started.Stream, 15);
            Assert.All(frames, f => Assert.Equal((int)(f.Header.Frame % 12), NumberedVideo.Read(f.Bytes)));
            Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.Equal(pair.First.Header.Frame + 1, pair.Second.Header.Frame));
            Assert.All(frames, f => Assert.Equal(layer == VideoLayer.Large ? 640 : 320, f.Header.Width));
        }
        Assert.NotEmpty(await FramesAsync(ada, f => f.Header.Layer == VideoLayer.Small, 1));
    }

    [Fact]
    public async Task Late_joiner_is_told_of_the_cameras_and_sees_them()
    {
        await JoinAsync("Ada", NewVideo());
        TestClientContext ben = await JoinAsync("Ben");
        await FramesAsync(ben, _ => true, 1);
        TestClientContext cleo = await JoinAsync("Cleo");
        VideoStreams known = await cleo.Page.WaitAsync<VideoStreams>(s => s.Items.Count > 0);
        Assert.Equal("Ada", Assert.Single(known.Items).Name);
        await FramesAsync(cleo, f => f.Header.Stream == known.Items[0].Stream, 3);
    }

    [Fact]
    public async Task Camera_that_is_off_or_gone_is_told_to_the_others()
    {
        TestClientContext ada = await JoinAsync("Ada", NewVideo()), ben = await JoinAsync("Ben"), cleo = await JoinAsync("Cleo", NewVideo());
        await Started(ben, "Cleo");
        await ada.Page.RequestAsync(new SetVideo("none"));
        await ben.Page.WaitAsync<VideoStopped>(s => s.Id == ada.Seat!.Id);
        string id = cleo.Seat!.Id;
        await cleo.LeaveAsync();
        await ben.Page.WaitAsync<VideoStopped>(s => s.Id == id);
    }

    [Fact]
    public async Task Camera_is_announced_again_on_a_new_connection()
    {
        TestClientContext ada = await JoinAsync("Ada", NewVideo()), ben = await JoinAsync("Ben");
        VideoStarted first = await Started(ben, "Ada");
        ada.Cut();
        VideoStarted again = await ben.Page.WaitAsync<VideoStarted>(s => s.Id == first.Id && s.Stream != first.Stream);
        await FramesAsync(ben, f => f.Header.Stream == again.Stream, 2);
    }

    [Fact]
    public async Task Other_rooms_see_nothing()
    {
        await JoinAsync("Ada", NewVideo());
        TestClientContext ben = await JoinAsync("Ben"), eve = await JoinAsync("Eve", room: "elsewhere");
        await FramesAsync(ben, _ => true, 5);
        Assert.Empty(eve.Page.First.Lane("video").All);
        Assert.All(eve.Page.Events<VideoStreams>(), s => Assert.Empty(s.Items));
        await RefusedAsync("unknown-person", () => eve.Page.RequestAsync(new Subscribe(_hub.Sessions.Members("room")[0].Id, VideoLayer.Large)));
    }

    [Fact]
    public async Task Page_s_vp8_goes_through_and_a_late_joiner_gets_a_key_frame_that_was_asked_for()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ada.Page.RequestAsync(new SetVideo("browser"));
        VideoStarted started = await Started(ben, "Ada");
        Assert.Equal(VideoCodec.Vp8, started.Codec);
        await SendAsync(ada, 0, key: true);
        await SendAsync(ada, 1);
        var frames = await FramesAsync(ben, _ => true, 2);
        Assert.Equal(Message(1, key: false)[VideoHeader.Bytes..], frames[1].Bytes);
        TestClientContext cleo = await JoinAsync("Cleo");
        await cleo.Page.WaitAsync<VideoStreams>(s => s.Items.Count > 0);
        await cleo.Page.RequestAsync(new Subscribe(started.Id, VideoLayer.Large)); // she hears of the camera first; once this is answered the hub has her among the viewers
        await SendAsync(ada, 2);
        Assert.Equal(VideoLayer.Large, (await ada.Page.WaitAsync<VideoKeyFrame>()).Layer);
        await SendAsync(ada, 3, key: true);
        Assert.Equal([3u], (await FramesAsync(cleo, _ => true, 1)).Select(f => f.Header.Frame));
        Assert.Equal([0u, 1u, 2u, 3u], (await FramesAsync(ben, _ => true, 4)).Select(f => f.Header.Frame));
    }

    [Fact]
    public async Task Page_that_does_not_keep_up_gets_vp8_again_from_a_key_frame_on()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ada.Page.RequestAsync(new SetVideo("browser"));
        await Started(ben, "Ada");
        await SendAsync(ada, 0, key: true);
        await FramesAsync(ben, _ => true, 1);
        ben.Page.First.Full = true;
        await SendAsync(ada, 1);
        ben.Page.First.Full = false;
        await SendAsync(ada, 2);
        await ada.Page.WaitAsync<VideoKeyFrame>();
        await SendAsync(ada, 3, key: true);
        Assert.Equal([0u, 3u], (await FramesAsync(ben, _ => true, 2)).Select(f => f.Header.Frame));
    }

    [Fact]
    public async Task Camera_of_a_page_goes_with_the_page()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        TestPage page = ada.Page.Connect();
        await page.RequestAsync(new SetVideo("browser"));
        await Started(ben, "Ada");
        page.Close();
        await ben.Page.WaitAsync<VideoStopped>(s => s.Id == ada.Seat!.Id);
        await ada.Page.WaitAsync<VideoState>(s => s.Source == "none");
    }

    [Fact]
    public async Task Only_the_page_that_has_the_camera_is_listened_to()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ada.Page.RequestAsync(new SetVideo("browser"));
        await Started(ben, "Ada");
        await ada.Page.Connect().SendAsync("camera", Message(0, key: true));
        await SendAsync(ada, 7, key: true);
        Assert.Equal([7u], (await FramesAsync(ben, _ => true, 1)).Select(f => f.Header.Frame));
    }

    [Theory]
    [InlineData("device:97", "no-camera")]
    [InlineData("device:x", "bad-source")]
    [InlineData("file:/no/such.avi", "no-file")]
    [InlineData("tape", "bad-source")]
    public async Task Source_that_cannot_be_used_is_refused_with_a_sentence(string source, string code)
    {
        TestClientContext ada = await JoinAsync("Ada");
        UserErrorException refusal = await RefusedAsync(code, () => ada.Page.RequestAsync(new SetVideo(source)));
        Assert.EndsWith(".", refusal.Message);
        Assert.True(ada.Page.Events<VideoState>()[^1].Source == "none");
    }

    [Fact]
    public async Task File_that_is_no_video_is_refused()
    {
        string path = Path.Combine(_hub.Folder.Folder("videos"), "text.avi");
        await File.WriteAllTextAsync(path, "no video");
        TestClientContext ada = await JoinAsync("Ada");
        await RefusedAsync("bad-video", () => ada.Page.RequestAsync(new SetVideo($"file:{path}")));
    }

    [Fact]
    public async Task Page_that_loses_the_camera_to_another_page_is_told()
    {
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ada.Page.RequestAsync(new SetVideo("browser"));
        VideoStarted first = await Started(ben, "Ada");
        TestPage other = ada.Page.Connect();
        int known = ada.Page.First.Events.Count;
        await other.RequestAsync(new SetVideo("browser"));
        await ben.Page.WaitAsync<VideoStarted>(s => s.Stream != first.Stream && s.Id == first.Id);
        Assert.Equal(["none", "browser"], ada.Page.First.Events.All.Skip(known).OfType<VideoState>().Select(s => s.Source));
        Assert.DoesNotContain(other.Events.All.OfType<VideoState>(), s => s.Source == "none");
        // The page that has lost it may go: that is no reason to turn the other's camera off.
        ada.Page.First.Close();
        await other.SendAsync("camera", Message(5, key: true));
        await FramesAsync(ben, f => f.Header.Frame == 5, 1);
    }

    [Fact]
    public async Task Camera_that_fails_while_it_plays_is_told_and_another_can_be_chosen()
    {
        string path = Path.Combine(_hub.Folder.Folder("videos"), "short.avi");
        NumberedVideo.Write(path, 10, fps: 30, scale: 2);
        TestClientContext ada = await JoinAsync("Ada"), ben = await JoinAsync("Ben");
        await ada.Page.RequestAsync(new SetVideo($"file:{path}"));
        VideoStarted started = await Started(ben, "Ada");
        File.Delete(path);
        VideoState state = await ada.Page.WaitAsync<VideoState>(s => s.Problem is not null);
        Assert.Equal(("none", 0u), (state.Source, state.Stream));
        await ben.Page.WaitAsync<VideoStopped>(s => s.Id == started.Id);
        await ada.Page.RequestAsync(new SetVideo(NewVideo()));
        await ben.Page.WaitAsync<VideoStarted>(s => s.Id == started.Id && s.Stream != started.Stream);
    }

    [Fact]
    public async Task Demo_camera_is_made_once_and_plays()
    {
        var person = new DemoPerson(1, "Ben", _hub.Folder.Folder("demo"));
        string path = await VideoDemo.PrepareAsync(person, CancellationToken.None);
        DateTime made = File.GetLastWriteTimeUtc(path);
        Assert.Equal(path, await VideoDemo.PrepareAsync(person, CancellationToken.None));
        Assert.Equal(made, File.GetLastWriteTimeUtc(path));
        Assert.InRange(new FileInfo(path).Length, 100_000, 6_000_000);
        await JoinAsync("Ben", $"file:{path}");
        await FramesAsync(await JoinAsync("Ada"), _ => true, 2);
    }

    [Fact]
    public async Task Page_is_told_by_how_much_a_person_s_sound_is_later_than_the_picture()
    {
        string tone = Path.Combine(_hub.Folder.Folder("sounds"), "tone.wav");
        using (var file = new WavWriter(tone))
            foreach (float[] frame in Goertzel.Tone(440, 48_000).Chunk(960)) file.Write(frame);
        TestClientContext ada = await JoinAsync("Ada", NewVideo(), microphone: $"file:{tone}");
        TestClientContext ben = await JoinAsync("Ben", speaker: $"file:{Path.Combine(_hub.Folder.Folder("sounds"), "heard.wav")}");
        VideoHold hold = await ben.Page.WaitAsync<VideoHold>(h => h.Id == ada.Seat!.Id && h.Hold != 0);
        // A frame of 20 ms, two playout buffers, two clocks; pictures take a millisecond.
        Assert.InRange(hold.Hold, 20, LipSync.Most);
        // Who comes later is told at once; nobody is told of themselves.
        TestClientContext cleo = await JoinAsync("Cleo", speaker: $"file:{Path.Combine(_hub.Folder.Folder("sounds"), "heard too.wav")}");
        await cleo.Page.WaitAsync<VideoHold>(h => h.Id == ada.Seat!.Id && h.Hold != 0);
        Assert.DoesNotContain(ada.Page.Events<VideoHold>(), h => h.Hold != 0);
    }

    private string NewVideo(int frames = 10)
    {
        string path = Path.Combine(_hub.Folder.Folder("videos"), $"{frames}.avi");
        return $"file:{(File.Exists(path) ? path : NumberedVideo.Write(path, frames, fps: 30, scale: 2))}";
    }

    private bool _started;

    // File video runs on the real clock: what is tested is what arrives, not when.
    private async Task<TestClientContext> JoinAsync(string name, string camera = "none", string room = "room", TimeProvider? time = null, string microphone = "none", string speaker = "none")
    {
        if (!_started) await _hub.Server.StartAsync(new MediaServer(_hub.Log, TimeProvider.System));
        _started = true;
        TestClientContext client = _hub.NewClient(name, new Dictionary<string, string?>
        {
            ["Camera"] = camera, ["Microphone"] = microphone, ["Speaker"] = speaker,
        });
        await client.StartAsync(new MediaClient(_hub.Log, time ?? TimeProvider.System));
        await client.JoinAs(name, room);
        return client;
    }

    private static async Task<VideoStarted> Started(TestClientContext client, string name)
    {
        object known = await client.Page.First.Events.WaitAsync(e => e is VideoStarted s && s.Name == name || e is VideoStreams all && all.Items.Any(s => s.Name == name));
        return known as VideoStarted ?? ((VideoStreams)known).Items.First(s => s.Name == name);
    }

    private static byte[] Message(uint frame, bool key, VideoLayer layer = VideoLayer.Large)
    {
        VideoHeader header = Packets.Header(frame, VideoCodec.Vp8, key, layer, stream: 0);
        byte[] message = [.. new byte[VideoHeader.Bytes], .. Packets.Bytes(header, 3000)];
        header.Write(message);
        return message;
    }

    private static Task SendAsync(TestClientContext client, uint frame, bool key = false, VideoLayer layer = VideoLayer.Large) =>
        client.Page.First.SendAsync("camera", Message(frame, key, layer));

    private static async Task<List<(VideoHeader Header, byte[] Bytes)>> FramesAsync(TestClientContext client, Func<(VideoHeader Header, byte[] Bytes), bool> matches, int count)
    {
        List<(VideoHeader, byte[])> found = [];
        await client.Page.First.Lane("video").UntilAsync(messages => (found = [.. messages.Select(Read).Where(matches)]).Count >= count);
        return found;
    }

    private static (VideoHeader Header, byte[] Bytes) Read(byte[] message)
    {
        Assert.True(VideoHeader.TryReadFrame(message, out VideoHeader header));
        return (header, message[VideoHeader.Bytes..]);
    }

    private static async Task<UserErrorException> RefusedAsync(string code, Func<Task> request)
    {
        var refusal = await Assert.ThrowsAsync<UserErrorException>(request);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}
