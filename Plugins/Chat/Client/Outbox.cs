using LanCollab.Contracts;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// What is on its way to the hub, in its order, on this machine's disk until the hub has it: the end of page, channel or daemon costs time and
/// no line, and the key makes sure that a line sent twice is one line.
/// </summary>
internal sealed class Outbox
{
    private readonly Lock _gate = new();
    private readonly Letters _disk;
    private readonly List<Letter> _letters;
    private readonly Action<object> _publish;
    private readonly Func<ChatOptions> _options;
    private readonly TimeProvider _time;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="disk">Where letters are kept.</param>
    /// <param name="publish">Tells the pages.</param>
    /// <param name="options">As they are now.</param>
    /// <param name="time">The clock.</param>
    public Outbox(Letters disk, Action<object> publish, Func<ChatOptions> options, TimeProvider time)
    {
        (_disk, _publish, _options, _time) = (disk, publish, options, time);
        _letters = disk.Load();
        foreach (Letter old in _letters.Where(letter => time.GetUtcNow() - letter.At > ChatWire.KeyLife - TimeSpan.FromDays(1)))
            old.Error ??= "This waited for the server for weeks; send it if it is still to be said.";
    }

    /// <summary>Keeps it, and waits until the hub has it on disk. A caller who goes away does not take it back.</summary>
    /// <exception cref="UserErrorException">
    /// The hub's refusal; <c>too-many-lines</c>: it was not kept; <c>waiting</c>, <c>other-room</c>: it is kept and goes out when the hub, or that room, is there again.
    /// </exception>
    public async Task<SayOk> SendAsync(IPost post, Home home, CancellationToken cancellationToken)
    {
        Letter letter = Put(post, home);
        try
        {
            return await letter.Done.Task.WaitAsync(TimeSpan.FromSeconds(_options().SendTimeoutSeconds), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new UserErrorException("waiting", "The server could not be reached in time; the line is kept and goes out when it is there again.");
        }
    }

    private Letter Put(IPost post, Home home)
    {
        lock (_gate)
        {
            if (_letters.Find(letter => letter.Key == post.Key) is { } known)
            {
                if (known.Error is not null) Again(known);
                return known;
            }
            if (_letters.Count >= _options().PendingLines)
                throw new UserErrorException("too-many-lines", $"{_letters.Count} lines wait for the server already; try again when they have gone.");
            var letter = new Letter(post, home, _time.GetUtcNow());
            _disk.Add(letter);
            _letters.Add(letter);
            _publish(letter.Told());
            Signal();
            return letter;
        }
    }

    /// <summary>All for this place.</summary>
    public OutboxState For(Home home)
    {
        lock (_gate) return new OutboxState([.. _letters.Where(letter => letter.Home.Leads(home)).Select(letter => letter.Told())]);
    }

    /// <summary>Sends again what was refused.</summary>
    public void Retry(string key)
    {
        lock (_gate)
            if (_letters.Find(letter => letter.Key == key && letter.Error is not null) is { } letter) Again(letter);
    }

    /// <summary>Forgets what was refused. What is on its way already cannot be taken back.</summary>
    public void Discard(string key)
    {
        lock (_gate)
            if (_letters.Find(letter => letter.Key == key && letter.Error is not null) is { } letter) Remove(letter);
    }

    private void Again(Letter letter)
    {
        letter.Error = null;
        letter.Done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _disk.SetError(letter);
        _publish(letter.Told());
        Signal();
    }

    private void Remove(Letter letter)
    {
        _disk.Remove(letter);
        _letters.Remove(letter);
        _publish(new Dropped(letter.Key));
    }

    private void Signal()
    {
        _more.TrySetResult();
        _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // What follows is for one Delivery at a time.

    /// <summary>Ends when there is something new to send.</summary>
    public Task More
    {
        get { lock (_gate) return _more.Task; }
    }

    /// <summary>The first letters for a place that are not under way yet.</summary>
    public IReadOnlyList<Letter> Next(Home home, IReadOnlySet<string> underWay, int most)
    {
        lock (_gate) return [.. _letters.Where(letter => letter.Error is null && letter.Home.Leads(home) && !underWay.Contains(letter.Key)).Take(most)];
    }

    /// <summary>Tells whoever waits for a letter to another place that it stays here.</summary>
    public void Hold(Home home)
    {
        var elsewhere = new UserErrorException("other-room", "This was for another room; it is kept and goes out when you are there again.");
        lock (_gate)
            foreach (Letter letter in _letters.Where(letter => !letter.Home.Leads(home))) letter.Done.TrySetException(elsewhere);
    }

    /// <summary>The hub has it.</summary>
    public void Arrived(Letter letter, SayOk reply)
    {
        lock (_gate) Remove(letter);
        letter.Done.TrySetResult(reply);
    }

    /// <summary>The hub does not take it.</summary>
    public void Refused(Letter letter, UserErrorException reason)
    {
        lock (_gate)
        {
            letter.Error = reason.Message;
            _disk.SetError(letter);
            _publish(letter.Told());
        }
        letter.Done.TrySetException(reason);
    }

    /// <summary>The hub takes it later.</summary>
    public void Delayed(Letter letter, TimeSpan wait) => _publish(letter.Told(wait));
}
