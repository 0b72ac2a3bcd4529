namespace LanCollab.Plugins.Files;

/// <summary>Blocks of all uploads that have come in and are not hashed and written yet: a bound of the hub's memory, whoever sends how much.</summary>
internal sealed class IncomingBlocks
{
    /// <summary>Megabytes.</summary>
    private const int Most = 32;

    // Never disposed: tasks still release it after the end, and without a wait handle there is nothing to free.
    private readonly SemaphoreSlim _slots = new(Most);

    /// <summary>One more, when there is room. What is in always goes on by itself, so nobody waits for ever.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _slots.WaitAsync(cancellationToken);

    /// <summary>One less.</summary>
    public void Leave() => _slots.Release();
}
