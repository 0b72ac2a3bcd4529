using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>A hub with the screen service, and people with daemons and pages.</summary>
public sealed class ScreenMeeting : IAsyncDisposable
{
    private readonly List<ScreenClient> _clients = [];

    private ScreenMeeting(params (string Key, string? Value)[] settings) => Hub = new InMemoryHub(settings.ToDictionary(s => s.Key, s => s.Value));

    public InMemoryHub Hub { get; }

    public static async Task<ScreenMeeting> StartAsync(params (string Key, string? Value)[] settings)
    {
        var meeting = new ScreenMeeting(settings);
        await meeting.Hub.Server.StartAsync(new ScreenServer(meeting.Hub.Log, meeting.Hub.Time, meeting.Hub.Sessions.Lazy));
        return meeting;
    }

    public async Task<TestClientContext> JoinAsync(string name, string room = "room", params (string Key, string? Value)[] settings)
    {
        var all = settings.ToDictionary(s => s.Key, s => s.Value);
        all.TryAdd("MaxFps", "60");
        TestClientContext client = Hub.NewClient(name, all);
        // The capture loop's pauses are real and short: these tests wait for pictures, not for times.
        var plugin = new ScreenClient(Hub.Log, TimeProvider.System);
        _clients.Add(plugin);
        await client.StartAsync(plugin);
        await client.JoinAs(name, room);
        return client;
    }

    /// <summary>Until a page knows that this person presents.</summary>
    internal static Task<Presenter> SeesAsync(TestClientContext client, TestClientContext presenter) =>
        client.Page.WaitAsync<Presenter>(p => p.Id == presenter.Seat!.Id);

    /// <summary>Until a page has the complete picture as of a frame.</summary>
    internal static async Task<Canvas> PictureAsync(TestPage page, Predicate<Canvas> done)
    {
        Canvas canvas = new();
        await page.Lane("tiles").UntilAsync(frames => done(canvas = Canvas.Of(frames)));
        return canvas;
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        foreach (ScreenClient client in _clients) await client.DisposeAsync();
    }
}

/// <summary>A page that captures: sends updates on the lane as the page's own module does.</summary>
internal sealed class CapturingPage
{
    private readonly TestPage _page;
    private readonly TilePicture _picture = new(64 * 1024 * 1024);
    private readonly PictureEncoder _encoder;
    private long _revision;

    private CapturingPage(TestPage page) => (_page, _encoder) = (page, new PictureEncoder(_picture, TimeProvider.System, lossless: true));

    public static async Task<CapturingPage> ShareAsync(TestClientContext client, TestPage? page = null)
    {
        page ??= client.Page.First;
        await page.RequestAsync(new Present("browser"));
        return new CapturingPage(page);
    }

    public uint Number => _picture.Number;

    public async Task SendAsync(Picture picture)
    {
        if (!_encoder.Encode(picture)) return;
        TileUpdate update = _picture.NewerThan(_revision)!;
        _revision = update.Revision;
        foreach (ReadOnlyMemory<byte> frame in update.Frames) await _page.SendAsync("tiles", frame);
    }

    public Task AcknowledgedAsync() => _page.WaitAsync<Shown>(shown => shown.Frame == Number);
}
