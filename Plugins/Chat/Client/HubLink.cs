using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Client;

/// <summary>
/// One chat channel, from its opening to its end. Three loops: what comes in; the history, whenever something is missing; and, once that
/// has caught up, the outbox.
/// </summary>
internal sealed class HubLink
{
    /// <summary>A hub that is silent for longer is taken for gone, even if TCP does not know it yet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Conversation _conversation;
    private readonly Outbox _outbox;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly MessageChannel _messages;
    private readonly SemaphoreSlim _gap = new(0);

    /// <param name="channel">Just opened.</param>
    /// <param name="conversation">Takes what comes.</param>
    /// <param name="outbox">Has what goes.</param>
    /// <param name="typing">Is told who is typing.</param>
    /// <param name="log">The plugin's.</param>
    /// <param name="time">The clock.</param>
    public HubLink(IChannel channel, Conversation conversation, Outbox outbox, Action<Typist> typing, ILogger log, TimeProvider time)
    {
        (_conversation, _outbox, _log, _time) = (conversation, outbox, log, time);
        _messages = new MessageChannel(channel, ChatWire.Messages, log)
            .On((Said line) => Take(line.Seq, line))
            .On((Lines lines) => { foreach (Said line in LinePack.Unpack(lines)) Take(line.Seq, line); })
            .On((Changed change) => Take(change.Seq, change))
            .On(typing)
            .On((Allowed allowed) => conversation.Allow(allowed))
            .On((Hidden hidden) => Take(hidden.Seq, null));
    }

    /// <summary>Returns when the channel has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task receiving = _messages.RunAsync(ended.Token), working = WorkAsync(ended.Token);
        try
        {
            await (await Task.WhenAny(receiving, working).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(receiving, working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks the hub something, for a page of the browser.</summary>
    public Task<TReply> AskAsync<TReply>(object request, CancellationToken cancellationToken) => RequestAsync<TReply>(request, cancellationToken);

    /// <summary>Tells the hub that this person is typing; lost when there is no room for it.</summary>
    public void Type(Typing typing) => _messages.TryPost(typing);

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CatchUpAsync(always: true, cancellationToken).ConfigureAwait(false);
            Task delivering = new Delivery(_outbox, RequestAsync<SayOk>, _time).RunAsync(() => _conversation.Home, cancellationToken);
            Task mending = MendGapsAsync(cancellationToken);
            await (await Task.WhenAny(delivering, mending).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (UserErrorException e) when (e.Code == "connection-lost")
        {
            // The channel is down: its receive loop tells the shell, which opens the next one.
        }
    }

    private async Task MendGapsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _gap.WaitAsync(cancellationToken).ConfigureAwait(false);
            await CatchUpAsync(always: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CatchUpAsync(bool always, CancellationToken cancellationToken)
    {
        bool more = true;
        while (more && _conversation.Missing(always) is { } ask)
        {
            HistoryOk page = await ReadAsync(ask, cancellationToken).ConfigureAwait(false);
            HistoryOk? missed = _conversation.MissedBefore(page) is { } direct ? await ReadAsync(direct, cancellationToken).ConfigureAwait(false) : null;
            more = _conversation.Fill(ask, page, missed?.Items);
            ChatLog.CaughtUp(_log, page.Last, $"{_messages.Channel.Peer}");
        }
    }

    /// <summary>A page of history, as soon as the hub allows.</summary>
    public async Task<HistoryOk> ReadAsync(History ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await RequestAsync<HistoryOk>(ask, cancellationToken).ConfigureAwait(false);
            }
            catch (UserErrorException e) when (e is { Code: "throttled", RetryAfter: not null })
            {
                await Task.Delay(e.RetryAfter.Value, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Take(long seq, INews? news)
    {
        // One signal is enough for any number of gaps.
        if (_conversation.Take(seq, news) && _gap.CurrentCount == 0) _gap.Release();
    }

    private async Task<TReply> RequestAsync<TReply>(object request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await _messages.RequestAsync<TReply>(request, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            ChatLog.NoAnswer(_log, Patience);
            _messages.Channel.Close("No answer to a chat request.");
            throw new UserErrorException("connection-lost", "The server does not answer; try again in a moment.");
        }
    }
}
