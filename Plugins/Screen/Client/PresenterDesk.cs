using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Screen;

/// <summary>Begins, keeps up and ends what this client presents.</summary>
internal sealed class PresenterDesk(
    SourceFactory sources, BackgroundWork work, Func<MessageChannel> hub, Action<Sharing> publish, TimeProvider time, ILogger log) : IAsyncDisposable
{
    /// <summary>How long a presentation outlives its connection.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Presenting? _current;

    /// <summary>What is presented, or null.</summary>
    public Presenting? Current => _current;

    /// <summary>For a page that connects.</summary>
    public Sharing Sharing => Describe(_current);

    /// <summary>Presents a source instead of whatever this client presents now.</summary>
    /// <exception cref="UserErrorException">The source cannot be had, another person presents (<c>busy</c>), or there is no connection.</exception>
    public async Task PresentAsync(SourceSpec spec, IPage? page, bool takeOver, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        MessageChannel channel = hub();
        Presenting next = sources.Open(spec, page, channel.Channel.Peer?.Id, out Func<CancellationToken, Task> start);
        Presenting? before = _current;
        await CloseAsync(before).ConfigureAwait(false);
        // Set before the hub is asked: its announcement may come before its answer.
        _current = next;
        try
        {
            await channel.RequestAsync<Granted>(new Present(TakeOver: takeOver), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _current = null;
            // A cancelled request may have been granted all the same.
            channel.TryPost(new Stop());
            await next.DisposeAsync().ConfigureAwait(false);
            if (before is not null) publish(Describe(null));
            throw;
        }
        await BeginAsync(next, channel, start).ConfigureAwait(false);
    }

    /// <summary>Stops presenting; nothing happens when nothing is presented.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        await EndAsync(_current, null).ConfigureAwait(false);
    }

    /// <summary>The hub has given the slot to somebody else.</summary>
    public async Task EndAsync(string reason, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        await EndAsync(_current, reason).ConfigureAwait(false);
    }

    /// <summary>Shows another slide.</summary>
    /// <exception cref="UserErrorException"><c>no-slides</c>, <c>no-page</c>, <c>bad-slide</c>.</exception>
    public Slide Turn(Slides request) =>
        _current?.Slides?.Turn(request) ?? throw new UserErrorException("no-slides", "You are not presenting slides.");

    /// <summary>A new channel: goes on where the old one broke, for the same seat; another seat is another room, perhaps.</summary>
    public async Task ResumeAsync(MessageChannel channel, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        if (_current is not { } presenting || presenting.Channel == channel) return;
        try
        {
            if (presenting.Seat != channel.Channel.Peer?.Id) throw new UserErrorException("left", "The presentation ended when the room was left.");
            await channel.RequestAsync<Granted>(new Present(), cancellationToken).ConfigureAwait(false);
            await presenting.AttachAsync(channel).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            await EndAsync(presenting, e.Message).ConfigureAwait(false);
        }
    }

    /// <summary>The channel has gone: waits for a new one, but not for ever.</summary>
    public async Task AwaitReturnAsync(CancellationToken cancellationToken)
    {
        if (_current is not { } presenting) return;
        MessageChannel? lost = presenting.Channel;
        await Task.Delay(Patience, time, cancellationToken).ConfigureAwait(false);
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        if (presenting.Channel == lost) await EndAsync(presenting, "The presentation ended with the connection to the server.").ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_current is not null) await _current.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private async Task BeginAsync(Presenting presenting, MessageChannel channel, Func<CancellationToken, Task> start)
    {
        if (presenting.Slides is { } slides) slides.Changed += () => publish(Describe(presenting));
        ScreenLog.Sharing(log, presenting.Spec.ToString());
        publish(Describe(presenting));
        await presenting.AttachAsync(channel).ConfigureAwait(false);
        presenting.Capture(token => CaptureAsync(presenting, start, token));
    }

    /// <summary>The source's loop; when it ends by itself, so does the presentation.</summary>
    private async Task CaptureAsync(Presenting presenting, Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            await start(cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (Exception e) when (e is UserErrorException or ProtocolErrorException)
        {
            reason = e.Message;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ScreenLog.SourceFailed(log, presenting.Spec.ToString(), e);
            reason = $"The source {presenting.Spec} failed: {e.Message}";
        }
        // Ending waits for this very task, so it must not be awaited here.
        _ = work.Run("ending the presentation", token => EndInTurnAsync(presenting, reason, token), CancellationToken.None);
    }

    private async Task EndInTurnAsync(Presenting presenting, string reason, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        await EndAsync(presenting, reason).ConfigureAwait(false);
    }

    /// <summary>Ends a presentation, unless that has happened already.</summary>
    private async Task EndAsync(Presenting? presenting, string? reason)
    {
        if (presenting is null || _current != presenting) return;
        await CloseAsync(presenting).ConfigureAwait(false);
        publish(Describe(null) with { Reason = reason });
        ScreenLog.SharingEnded(log, presenting.Spec.ToString(), reason ?? "asked to");
    }

    private async Task CloseAsync(Presenting? presenting)
    {
        if (presenting is null) return;
        _current = null;
        // First the tiles, then the word: the hub takes no tiles from somebody who has stopped.
        await presenting.DisposeAsync().ConfigureAwait(false);
        await TellHubAsync(presenting.Channel).ConfigureAwait(false);
    }

    private static async Task TellHubAsync(MessageChannel? channel)
    {
        try
        {
            if (channel is not null) await channel.SendAsync(new Stop(), channel.Channel.Closed).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A channel that has closed has freed the slot by that.
        }
    }

    private static Sharing Describe(Presenting? presenting)
    {
        Slide? slide = presenting?.Slides?.Now;
        return new Sharing(presenting?.Spec.ToString(), slide?.Page, slide?.Pages);
    }

    private async Task<TurnOver> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new TurnOver(_turn);
    }

    private readonly struct TurnOver(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
