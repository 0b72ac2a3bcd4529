using LanCollab.Contracts;

namespace LanCollab.Plugins.Screen;

/// <summary>An open page, seen from the daemon.</summary>
internal sealed class PageViewer(IPage page, IBinaryLane lane, PresenterDesk desk) : IViewer
{
    /// <summary>A script that never acknowledges is limited by its connection alone.</summary>
    public UpdateWindow Window { get; } = new(required: false);

    public ValueTask TellAsync(Presenter who, CancellationToken cancellationToken)
    {
        page.Send(who);
        return ValueTask.CompletedTask;
    }

    /// <summary>A page that shares its own screen would show itself within itself.</summary>
    public bool Wants(Scene scene) => desk.Current is not { Browser: { } browser } presenting || browser.Page != page || presenting.Picture != scene.Picture;

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) => page.SendAsync(lane, frame, cancellationToken);
}
