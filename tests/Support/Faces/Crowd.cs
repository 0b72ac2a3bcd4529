using LanCollab.Host.Net;
using LanCollab.Plugins.Media.Video;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Support.Faces;

/// <summary>Many people with cameras, two of three VP8 and the third JPEG, made at run time.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Pictures = 60, Seed = 20260727;

    private static readonly string[] Names =
        ["Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gita", "Hugo", "Ines", "Jon", "Kira", "Liam", "Mona", "Nils", "Olga", "Paul", "Quinn", "Rosa", "Sam", "Tara", "Uwe", "Vera", "Will", "Xenia", "Yuri", "Zoe"];

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    private Crowd() { }

    /// <summary>Lets them all come, one after the other, cameras on.</summary>
    /// <param name="page">Its browser codes the VP8.</param>
    /// <param name="server">The session service.</param>
    /// <param name="room">The room.</param>
    /// <param name="people">How many.</param>
    public static async Task<Crowd> StartAsync(IPage page, string server, string room, int people)
    {
        var vp8 = new Dictionary<VideoLayer, VideoClip>
        {
            [VideoLayer.Large] = await VideoClip.Vp8Async(page, 640, 360, Pictures), [VideoLayer.Small] = await VideoClip.Vp8Async(page, 320, 180, Pictures),
        };
        var jpeg = new Dictionary<VideoLayer, VideoClip> { [VideoLayer.Large] = VideoClip.Jpeg(640, 360, Pictures), [VideoLayer.Small] = VideoClip.Jpeg(320, 180, Pictures) };
        var crowd = new Crowd();
        for (int i = 0; i < people; i++)
        {
            bool isJpeg = i % 3 == 2;
            var camera = new ScriptedCamera(
                ServerAddress.Parse(server, 0), room, Names[(i + 1) % Names.Length], isJpeg ? VideoCodec.Jpeg : VideoCodec.Vp8, isJpeg ? jpeg : vp8, Seed + i);
            await crowd.AddAsync(camera);
        }
        return crowd;
    }

    /// <summary>One more comes; ends when its camera is on.</summary>
    public Task AddAsync(ScriptedCamera camera)
    {
        _running.Add(camera.RunAsync(_stop.Token));
        return camera.OnAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }
}
