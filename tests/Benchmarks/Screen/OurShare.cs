using System.Diagnostics;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Media;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Benchmarks.Screen;

/// <summary>The program: a server, a presenter's daemon that captures the display, and a viewer's daemon with a script that decodes.</summary>
internal sealed class OurShare : IContestant
{
    /// <summary>The peers do nothing else, either.</summary>
    private static readonly string[] ScreenAlone = ["--Plugins:Media:Enabled=false", "--Plugins:Chat:Enabled=false", "--Plugins:Files:Enabled=false"];

    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _parts = [];
    private TileCanvas? _canvas;
    private long _bytes;

    /// <summary>The presenter's process.</summary>
    public Process Presenter { get; private set; } = null!;

    /// <summary>The server's process.</summary>
    public Process Server { get; private set; } = null!;

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Updates => _canvas!.Updates;

    public static async Task<OurShare> StartAsync(string display, Action<uint> marked, params string[] settings)
    {
        var share = new OurShare();
        ServerProcess server = await ServerProcess.StartAsync(share._folder.Folder("server"), ScreenAlone);
        share._parts.Add(server);
        ClientProcess presenter = await ClientProcess.StartAsync("Ada", share._folder.Folder("Ada"), [.. ScreenAlone, .. settings]);
        share._parts.Add(presenter);
        ClientProcess viewer = await ClientProcess.StartAsync("Bob", share._folder.Folder("Bob"), ScreenAlone);
        share._parts.Add(viewer);
        await presenter.JoinAsync(server.Address);
        await viewer.JoinAsync(server.Address);
        (share.Server, share.Presenter) = (Process.GetProcessById(server.Process.Id), Process.GetProcessById(presenter.Process.Id));
        await share.ShowAsync(presenter, viewer, display, marked);
        return share;
    }

    private async Task ShowAsync(ClientProcess presenter, ClientProcess viewer, string display, Action<uint> marked)
    {
        _canvas = new TileCanvas(viewer.Bridge, bytes => Interlocked.Add(ref _bytes, bytes));
        _canvas.Shown += () => marked(_canvas.ColourAt(Marker.X, Marker.Y));
        await presenter.Bridge.RequestAsync("screen", "present", new { source = $"device:{display}" });
        await _canvas.FirstAsync();
        // The presenter's own page would be sent the picture, too.
        await presenter.Bridge.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts)) await part.DisposeAsync();
        _canvas?.Dispose();
        Presenter.Dispose();
        Server.Dispose();
        _folder.Dispose();
    }
}
