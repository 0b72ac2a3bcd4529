using System.Diagnostics.CodeAnalysis;

namespace LanCollab.Tests.Support;

/// <summary>What has happened so far, in order, and a way to wait for what has not happened yet. Safe to use from any thread.</summary>
/// <param name="what">Its name in the message of a wait that fails.</param>
public sealed class Recorded<T>(string what)
{
    /// <summary>
    /// How long a wait lasts before the test fails: far longer than anything waited for takes, also where other programs have the processors. It is the only one of its kind (HabitTests),
    /// bounds nothing, and is used up by a test that fails only.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All of them.</summary>
    public IReadOnlyList<T> All
    {
        get { lock (_lock) return [.. _items]; }
    }

    /// <summary>How many.</summary>
    public int Count
    {
        get { lock (_lock) return _items.Count; }
    }

    /// <summary>Adds one.</summary>
    public void Add(T item)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            _items.Add(item);
            waiting = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waiting.TrySetResult();
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_lock) _items.Clear();
    }

    /// <summary>The first one, old or new, that matches.</summary>
    /// <exception cref="TimeoutException">None came in time; the message lists what did come.</exception>
    public async Task<T> WaitAsync(Func<T, bool> matches, TimeSpan? patience = null)
    {
        T? found = default;
        await UntilAsync(items => TryFirst(items, matches, out found), patience);
        return found!;
    }

    /// <summary>Waits until there are so many, and gives them all.</summary>
    public async Task<IReadOnlyList<T>> WaitCountAsync(int count, TimeSpan? patience = null)
    {
        IReadOnlyList<T> all = [];
        await UntilAsync(items => items.Count >= count && (all = [.. items]) is not null, patience);
        return all;
    }

    /// <summary>Waits until the whole record satisfies a condition.</summary>
    public async Task UntilAsync(Func<IReadOnlyList<T>, bool> condition, TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (condition(_items)) return;
                more = _more.Task;
            }
            try
            {
                await more.WaitAsync(timeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited in vain for {what}. {Count} came, the last ones: {string.Join(", ", All.TakeLast(8))}");
            }
        }
    }

    private static bool TryFirst(IReadOnlyList<T> items, Func<T, bool> matches, [MaybeNullWhen(false)] out T found)
    {
        foreach (T item in items)
        {
            if (!matches(item)) continue;
            found = item;
            return true;
        }
        found = default;
        return false;
    }
}
