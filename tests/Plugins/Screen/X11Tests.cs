using System.Diagnostics;
using System.Globalization;
using LanCollab.Plugins.Screen;
using LanCollab.Tests.Support.Media;

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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_display_is_captured_with_and_without_shared_memory_and_only_the_rows_that_were_drawn_on(bool shared)
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
        Assert.InRange(shot.Top, 50, 129);
        Assert.InRange(shot.Bottom, 51, 130);
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
        Shot again = await source.NextAsync(TimeSpan.FromMilliseconds(1), Token);
        Assert.Equal(again.Top, again.Bottom);
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

    private static async Task<Shot> TakeAsync(X11Source source, Predicate<Shot> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (true)
            if (await source.NextAsync(null, patience.Token) is var shot && wanted(shot)) return shot;
    }

    /// <summary>What was drawn before has been told.</summary>
    private static async Task QuietAsync(X11Source source)
    {
        while (await source.NextAsync(TimeSpan.FromMilliseconds(300), Token) is { } shot && shot.Top != shot.Bottom) { }
    }
}
