using System.Net.WebSockets;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Host.Bridge;

/// <summary>
/// Brings a page's messages to the plugins. A request is started in the order of arrival and then runs beside the others; the next
/// message waits only when too many are in flight. Lane messages are handled one after the other. All errors are mapped here.
/// </summary>
internal sealed class PageDispatcher(BridgeRegistry registry, ILogger log)
{
    /// <summary>Handles one message. What a page or a plugin does wrong is answered and logged, not thrown.</summary>
    /// <exception cref="OperationCanceledException">The page has gone.</exception>
    public ValueTask HandleAsync(Page page, Received message, CancellationToken cancellationToken) => message.Type == WebSocketMessageType.Text
        ? StartAsync(page, message.Payload, cancellationToken)
        : LaneAsync(page, message.Payload, cancellationToken);

    private async ValueTask StartAsync(Page page, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        Envelope envelope;
        try
        {
            envelope = Envelope.Read(text);
        }
        catch (ProtocolErrorException e)
        {
            page.Send(BridgeMessages.Error(BridgeMessages.Shell, null, new("bad-message", e.Message)));
            return;
        }
        await page.Slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        _ = AnswerAsync(page, envelope, cancellationToken); // Runs beside the receive loop; it answers all errors itself.
    }

    private async Task AnswerAsync(Page page, Envelope envelope, CancellationToken cancellationToken)
    {
        try
        {
            if (await ReplyAsync(page, envelope, cancellationToken).ConfigureAwait(false) is { } reply) page.Send(reply);
        }
        finally
        {
            page.Slots.Release();
        }
    }

    private async Task<byte[]?> ReplyAsync(Page page, Envelope envelope, CancellationToken cancellationToken)
    {
        string plugin = envelope.Plugin ?? BridgeMessages.Shell;
        BridgeRequest? request = registry.Request(plugin, envelope.Type);
        if (request is null) return Refuse(envelope, new("unknown-request", $"\"{plugin}/{envelope.Type}\" is not known here."));
        try
        {
            object? reply = await request.Handle(envelope.Body, page, cancellationToken).ConfigureAwait(false);
            return envelope.Id is { } id ? request.Owner.EncodeReply(id, reply) : null;
        }
        catch (UserErrorException e)
        {
            return Refuse(envelope, e);
        }
        catch (OperationCanceledException)
        {
            return Refuse(envelope, new("cancelled", "The request was cancelled."));
        }
        catch (Exception e)
        {
            BridgeLog.Failed(log, $"{plugin}/{envelope.Type}", e);
            request.Owner.Fault(e);
            return Refuse(envelope, BridgeMessages.Internal);
        }
    }

    private byte[] Refuse(Envelope envelope, UserErrorException refusal)
    {
        string plugin = envelope.Plugin ?? BridgeMessages.Shell;
        BridgeLog.Refused(log, $"{plugin}/{envelope.Type}", refusal.Code, refusal.Message);
        return BridgeMessages.Error(envelope.Id is null ? BridgeMessages.Shell : plugin, envelope.Id, refusal);
    }

    private async ValueTask LaneAsync(Page page, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        BridgeLane? lane = message.IsEmpty ? null : registry.Lane(message.Span[0]);
        try
        {
            if (lane is null) throw new UserErrorException("unknown-lane", "A binary message begins with the number of a lane; this one does not.");
            await lane.ReceiveAsync(page, message[1..], cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            BridgeLog.Refused(log, lane?.Name ?? "lane", e.Code, e.Message);
            page.Send(BridgeMessages.Error(BridgeMessages.Shell, null, e));
        }
        catch (Exception e) when (lane is not null && !cancellationToken.IsCancellationRequested)
        {
            BridgeLog.Failed(log, lane.Name, e);
            lane.Fault(e);
        }
    }
}
