using LanCollab.Host.Net;
using LanCollab.Plugins.Media.Video;
using LanCollab.Tests.Support.Faces;
using LanCollab.Tests.Support.Processes;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Browser;

/// <summary>A room of 24 people with cameras, and one more whose pictures cannot be decoded; one of Chromium's pages looks at them.</summary>
public sealed class FacesMeeting : IAsyncLifetime
{
    /// <summary>Whose pictures move.</summary>
    public const int People = 24;

    /// <summary>Whose pictures are none.</summary>
    public const string Broken = "Mallory";

    /// <summary><c>ownPictures</c>: how often the page's own thread has decoded or drawn one.</summary>
    private const string OwnPictures = """
        window.ownPictures = 0;
        for (const [owner, name] of [[VideoDecoder.prototype, "decode"], [CanvasRenderingContext2D.prototype, "drawImage"], [window, "createImageBitmap"]]) {
          const does = owner[name];
          owner[name] = function (...all) { window.ownPictures++; return does.apply(this, all); };
        }
        """;

    private Meeting _meeting = null!;
    private Crowd _crowd = null!;

    /// <summary>The browser.</summary>
    internal Chromium Chromium { get; private set; } = null!;

    /// <summary>The daemon of who looks.</summary>
    internal ClientProcess Viewer { get; private set; } = null!;

    /// <summary>A page of 1440 x 900.</summary>
    internal IPage Page { get; private set; } = null!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _meeting = await Meeting.StartAsync();
        Viewer = await _meeting.JoinAsync("Viewer", "--Plugins:Media:Camera=none");
        Chromium = await Chromium.StartAsync();
        Page = await Chromium.OpenAsync(Viewer, 1440, 900, PageWatch.Script, OwnPictures);
        _crowd = await Crowd.StartAsync(Page, _meeting.Server.Address, "room", People);
        await _crowd.AddAsync(Liar());
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_crowd is not null) await _crowd.DisposeAsync();
        if (Chromium is not null) await Chromium.DisposeAsync();
        await _meeting.DisposeAsync();
    }

    /// <summary>Its headers tell of a small picture, its JPEGs of a larger one.</summary>
    private ScriptedCamera Liar()
    {
        VideoClip clip = VideoClip.Jpeg(1280, 720, 2) with { Width = 320, Height = 180 };
        return new ScriptedCamera(
            ServerAddress.Parse(_meeting.Server.Address, 0), "room", Broken, VideoCodec.Jpeg, new Dictionary<VideoLayer, VideoClip> { [VideoLayer.Small] = clip }, seed: 1);
    }
}
