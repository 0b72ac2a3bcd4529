namespace LanCollab.Plugins.Session;

/// <summary>A <see cref="Stay"/> in the background, which can be ended and waited for.</summary>
internal sealed class RunningStay(Stay stay, CancellationToken stopping)
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Stay Stay => stay;

    public Wish Wish => stay.Wish;

    /// <summary>Runs until ended, stopped, or refused for good.</summary>
    public async Task RunAsync()
    {
        try
        {
            await stay.RunAsync(_end.Token).ConfigureAwait(false);
        }
        finally
        {
            _ended.SetResult();
            _end.Dispose();
        }
    }

    /// <summary>Leaves the room and waits until that is done.</summary>
    public async Task EndAsync()
    {
        try
        {
            await _end.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
        await _ended.Task.ConfigureAwait(false);
    }
}
