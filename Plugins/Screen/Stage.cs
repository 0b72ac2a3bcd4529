namespace LanCollab.Plugins.Screen;

/// <summary>Who presents, and the picture.</summary>
/// <param name="Who">With the size of the newest complete picture.</param>
/// <param name="Picture">Null when nobody presents.</param>
internal sealed record Scene(Presenter Who, TilePicture? Picture);

/// <summary>The scene that viewers look at, and the bell that rings when it changes.</summary>
internal sealed class Stage
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewBell();

    /// <summary>The scene of this moment.</summary>
    public Scene Now { get; private set => Volatile.Write(ref field, value); } = new(Presenter.Nobody, null);

    /// <summary>Ends at the next change. Take it before looking at <see cref="Now"/>.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Changes the scene.</summary>
    public void Show(Presenter who, TilePicture? picture)
    {
        lock (_gate)
        {
            Listen(Now.Picture, on: false);
            Listen(picture, on: true);
            Now = new Scene(Sized(who, picture), picture);
        }
        Ring();
    }

    /// <summary>Nobody presents any more.</summary>
    public void Clear() => Show(Presenter.Nobody, null);

    private void Listen(TilePicture? picture, bool on)
    {
        if (picture is null) return;
        picture.Committed -= OnCommitted;
        picture.Pointed -= Ring;
        if (!on) return;
        picture.Committed += OnCommitted;
        picture.Pointed += Ring;
    }

    private void OnCommitted(TilePicture picture)
    {
        lock (_gate)
        {
            if (Now.Picture != picture) return;
            if (picture.Grid.Width != Now.Who.Width || picture.Grid.Height != Now.Who.Height) Now = Now with { Who = Sized(Now.Who, picture) };
        }
        Ring();
    }

    private static Presenter Sized(Presenter who, TilePicture? picture) =>
        picture is { Number: > 0 } ? who with { Width = picture.Grid.Width, Height = picture.Grid.Height } : who;

    private void Ring() => Interlocked.Exchange(ref _changed, NewBell()).TrySetResult();

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
