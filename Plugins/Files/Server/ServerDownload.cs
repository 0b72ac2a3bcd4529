using LanCollab.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Plugins.Files;

/// <summary>Sends one file over one channel, at the receiver's speed.</summary>
internal sealed class ServerDownload : IAsyncDisposable
{
    private readonly FilesHub _hub;
    private readonly MessageChannel _messages;
    private readonly FileRow _row;
    private readonly SafeFileHandle _file;
    private readonly BlockSender _sender;
    private readonly Task _sending;

    /// <param name="hub">The plugin.</param>
    /// <param name="messages">The channel.</param>
    /// <param name="row">The file.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="ending">Ends with the channel.</param>
    public ServerDownload(FilesHub hub, MessageChannel messages, FileRow row, long offset, CancellationToken ending)
    {
        (_hub, _messages, _row) = (hub, messages, row);
        _file = hub.Store.OpenRead(row);
        _sender = new BlockSender(_file, messages.Channel, offset, row.File.Size, BlockLayout.Chunk, hub.Options.Window);
        _sending = SendAsync(ending);
    }

    /// <summary>As <see cref="BlockSender.Acknowledge"/>.</summary>
    public void Acknowledge(long offset) => _sender.Acknowledge(offset);

    public async ValueTask DisposeAsync()
    {
        await _sending.ConfigureAwait(false);
        _sender.Dispose();
        _file.Dispose();
    }

    private async Task SendAsync(CancellationToken ending)
    {
        // The reply to fetch goes first.
        await Task.Yield();
        try
        {
            await _sender.RunAsync(ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The channel has closed: the receiver has all, or comes back for the rest.
        }
        catch (IOException e) when (_messages.Channel.Closed.IsCancellationRequested)
        {
            FilesLog.DownloadEnded(_hub.Log, _row.File.Id, e.Message);
        }
        catch (IOException e)
        {
            FilesLog.StoreFailed(_hub.Log, _messages.Peer.Name, e);
            _messages.TryPost(new TransferStopped("storage-error", "The server cannot read this file any more."));
            _messages.Channel.Close("The file cannot be read.");
        }
    }
}
