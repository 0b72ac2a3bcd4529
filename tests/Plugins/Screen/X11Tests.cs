using System.Diagnostics;
using System.Globalization;
using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support.Media;
using Microsoft.Extensions.Time.Testing;

namespace LanCollab.Tests.Plugins.Screen;

/// <summary>A display of its own: Xvfb on a free number.</summary>
public sealed class VirtualDisplay : IAsyncLifetime
{
    private Process _server = null!;

    /// <summary><c>:5</c>.</summary>
    public string Name { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("Xvfb", ["-displayfd", "1", "-screen", "0", "640x400x24", "-nolisten", "tcp", "-noreset"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _server = Process.Start(start)!;
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginErrorReadLine();
        string? number = await _server.StandardOutput.ReadLineAsync();
        Name = $":{int.Parse(number!, CultureInfo.InvariantCulture)}";
    }

    /// <summary>The display dies.</summary>
    public void Kill()
    {
        if (!_server.HasExited) _server.Kill();
        _server.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }
}

public class X11Tests(VirtualDisplay display) : IClassFixture<VirtualDisplay>
{
    private static readonly TimeSpan Patience = Support.Recorded<int>.Patience;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_display_is_captured_with_and_without_shared_memory_and_only_the_tiles_that_were_drawn_on(bool shared)
    {
        using var panel = new XPanel(display.Name, 100, 50, 200, 80, 0x336699);
        using var source = new X11Source(display.Name, TimeProvider.System, shared);
        Shot shot = await TakeAsync(source, shot => Pixel(shot, 150, 60) == 0x336699);
        Assert.Equal((640, 400, shared), (shot.Picture.Grid.Width, shot.Picture.Grid.Height, source.IsShared));
        Assert.Equal(0x336699u, Pixel(shot, 299, 129));
        Assert.NotEqual(0x336699u, Pixel(shot, 300, 129));
        await QuietAsync(source);
        panel.Paint(0x11AA33);
        shot = await TakeAsync(source, shot => Pixel(shot, 150, 60) == 0x11AA33);
        Assert.Equal([(1, 0), (2, 0), (3, 0), (4, 0), (1, 1), (2, 1), (3, 1), (4, 1), (1, 2), (2, 2), (3, 2), (4, 2)], TilesOf(shot));
        Assert.Equal(0x11AA33u, Pixel(shot, 299, 129));
    }

    [Fact]
    public async Task A_window_is_shared_alone_whatever_covers_it_until_it_closes()
    {
        var window = new XPanel(display.Name, 300, 200, 120, 60, 0xFF8800);
        using var source = new X11Source($"{display.Name}#window={window.Window}", TimeProvider.System);
        using var cover = new XPanel(display.Name, 310, 210, 120, 60, 0x0000FF);
        Shot shot = await TakeAsync(source, _ => true);
        Assert.Equal((120, 60), (shot.Picture.Grid.Width, shot.Picture.Grid.Height));
        Assert.Equal(0xFF8800u, Pixel(shot, 60, 30));
        window.Dispose();
        var gone = await Assert.ThrowsAsync<UserErrorException>(() => TakeAsync(source, _ => false));
        Assert.Equal(("window-gone", "The window that was shared has been closed."), (gone.Code, gone.Message));
    }

    [Fact]
    public async Task What_does_not_change_is_not_taken_again_and_who_has_no_patience_gets_the_last_picture()
    {
        using var source = new X11Source(display.Name, TimeProvider.System);
        await TakeAsync(source, _ => true);
        await QuietAsync(source);
        Shot again = await source.NextAsync(TimeSpan.FromMilliseconds(1), default, Token);
        Assert.False(again.HasChanged);
    }

    [Fact]
    public async Task What_has_nothing_to_do_with_what_was_taken_last_need_not_wait_for_its_turn()
    {
        using XPanel film = new(display.Name, 0, 0, 100, 100, 1), beside = new(display.Name, 130, 0, 20, 20, 1), far = new(display.Name, 500, 300, 20, 20, 1);
        using var source = new X11Source(display.Name, TimeProvider.System);
        await TakeAsync(source, _ => true);
        await QuietAsync(source);
        // The turn of the film comes after the end of time.
        Turn turn = new(long.MaxValue, 0), open = default;
        film.Paint(0x222222);
        Assert.False((await TakeAsync(source, shot => Pixel(shot, 50, 50) == 0x222222, open)).Early);
        foreach (XPanel panel in (XPanel[])[film, beside, far]) panel.Paint(0x333333);
        Shot early = await TakeAsync(source, shot => shot.HasChanged, turn);
        Assert.True(early.Early);
        Assert.Equal([(7, 4), (8, 4)], TilesOf(early));
        Assert.Equal((0x222222u, 0x333333u), (Pixel(early, 50, 50), Pixel(early, 510, 310)));
        Shot rest = await TakeAsync(source, shot => shot.HasChanged, open);
        Assert.Equal((false, 0x333333u, 0x333333u), (rest.Early, Pixel(rest, 50, 50), Pixel(rest, 140, 10)));
    }

    [Fact]
    public async Task A_pointer_that_rests_is_not_looked_at_until_the_display_tells_that_it_moves()
    {
        var time = new FakeTimeProvider();
        var grid = new TileGrid(640, 400);
        var drawn = new TileMask();
        drawn.Reset(grid);
        using var open = new XDisplay(display.Name);
        using var watch = new XWatch(open.Descriptor);
        var news = new XNews(open, open.Root);
        Assert.True(news.TellsMotion && news.TellsShape);
        var pointer = new PointerWatch(open, news, time);
        bool Look() => pointer.Look(time.GetTimestamp(), default, grid);
        for (int x = 100; x < 103; x++)
        {
            for (int i = 0; i < 70; i++, time.Advance(TimeSpan.FromMilliseconds(33))) Look();
            Assert.InRange(time.GetElapsedTime(time.GetTimestamp(), pointer.NextLook), TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(1));
            XPanel.PointAt(display.Name, x, 70);
            // The time stands still: it is not that second that lets it look.
            while (!Look())
            {
                await watch.WaitAsync(Patience, Token);
                news.Read(drawn, default);
            }
            Assert.Equal((x, 70), (pointer.Seen!.X, pointer.Seen.Y));
        }
    }

    [Fact]
    public async Task Who_waits_for_a_display_can_be_called_off_and_the_display_given_up()
    {
        var source = new X11Source(display.Name, TimeProvider.System);
        await TakeAsync(source, _ => true);
        await QuietAsync(source);
        using var enough = new CancellationTokenSource();
        Task<Shot> waiting = source.NextAsync(null, default, enough.Token).AsTask();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => { while (true) { await waiting.WaitAsync(Patience, Token); waiting = source.NextAsync(null, default, enough.Token).AsTask(); } });
        source.Dispose();
        source.Dispose();
    }

    [Fact]
    public void Everything_that_can_be_shared_is_listed_and_its_names_lead_back_to_it()
    {
        using var panel = new XPanel(display.Name, 0, 0, 100, 100, 1);
        OfferedSource whole = XSources.List(display.Name)[0];
        Assert.Equal(new OfferedSource($"device:{display.Name}", "screen", "The whole screen", 640, 400), whole);
        Assert.Equal(new XTarget(":1", "HDMI-1", 0), XTarget.Parse(new XTarget(":1", "HDMI-1", 0).ToString()));
        Assert.Equal(new XTarget("", null, 77), XTarget.Parse(new XTarget("", null, 77).ToString()));
    }

    [Theory]
    [InlineData("#monitor=none", "no-monitor")]
    [InlineData("#window=99999999", "window-gone")]
    [InlineData("#window=x", "bad-source")]
    [InlineData("#windows", "bad-source")]
    public void A_part_that_is_not_there_is_refused_with_a_sentence(string part, string code) =>
        Assert.Equal(code, Assert.Throws<UserErrorException>(() => new X11Source(display.Name + part, TimeProvider.System).Dispose()).Code);

    [Fact]
    public void Without_a_display_or_with_one_that_refuses_there_is_one_sentence()
    {
        Assert.Equal((":5", ":6"), (XDisplay.NameOf(":5", ":6"), XDisplay.NameOf("", ":6")));
        foreach (string? none in (string?[])[null, ""])
        {
            var missing = Assert.Throws<UserErrorException>(() => XDisplay.NameOf("", none));
            Assert.Equal(("no-display", "This machine has no X11 display (DISPLAY is not set); share from the browser instead."), (missing.Code, missing.Message));
        }
        var refused = Assert.Throws<UserErrorException>(() => new X11Source(":4711", TimeProvider.System).Dispose());
        Assert.Equal(("no-display", "The X11 display :4711 cannot be opened; is it running and may this user see it?"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_display_that_dies_ends_the_presentation_and_not_the_program()
    {
        await using var dying = new VirtualDisplay();
        await dying.InitializeAsync();
        using var source = new X11Source(dying.Name, TimeProvider.System);
        await TakeAsync(source, _ => true);
        dying.Kill();
        var gone = await Assert.ThrowsAsync<UserErrorException>(() => TakeAsync(source, _ => false));
        Assert.Equal(("no-display", $"The X11 display {dying.Name} has gone."), (gone.Code, gone.Message));
    }

    private static uint Pixel(in Shot shot, int x, int y) => shot.Picture.Row(x, y, 1)[0] & 0xFFFFFF;

    private static List<(int Column, int Row)> TilesOf(in Shot shot)
    {
        var tiles = new List<(int, int)>();
        for (int row = 0; row < shot.Picture.Grid.Rows; row++)
            for (int column = 0; column < shot.Picture.Grid.Columns; column++)
                if (shot.Changed![column, row]) tiles.Add((column, row));
        return tiles;
    }

    private static async Task<Shot> TakeAsync(X11Source source, Predicate<Shot> wanted, Turn turn = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (true)
            if (await source.NextAsync(null, turn, patience.Token) is var shot && wanted(shot)) return shot;
    }

    /// <summary>What was drawn before has been told.</summary>
    private static async Task QuietAsync(X11Source source)
    {
        while (await source.NextAsync(TimeSpan.FromMilliseconds(300), default, Token) is { HasChanged: true }) { }
    }
}
