using System.Security.Cryptography;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>Fetches the missing bytes of one file over one channel.</summary>
internal static class FileFetch
{
    private const int LeastWindow = 256 * 1024;


    /// <summary>Returns when all bytes are in the sink and their hash is right.</summary>
    /// <param name="services">What the plugin has.</param>
    /// <param name="file">What was announced.</param>
    /// <param name="offset">The first missing byte.</param>
    /// <param name="hash">Has taken everything below.</param>
    /// <param name="sink">Takes the bytes; nothing of the last block when the hash is wrong.</param>
    /// <param name="moved">Called with each new offset.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HashMismatchException">The whole is not what was announced.</exception>
    public static async Task RunAsync(
        ClientServices services, SharedFile file, long offset, IncrementalHash hash, IBlockSink sink, Action<long> moved, CancellationToken cancellationToken)
    {
        // The window is only told in the reply, after which blocks may come at once; no hub has a smaller one than this.
        var receiver = new BlockReceiver(file.Size, offset, hash, LeastWindow, file.Sha256, sink);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (receiver.IsComplete)
        {
            receiver.Verify();
            return;
        }
        await using TransferChannel channel = await TransferChannel.OpenAsync(
            services, messages => messages.OnBinary((frame, token) => TakeAsync(messages, receiver, frame, moved, done, token)), cancellationToken).ConfigureAwait(false);
        await channel.DuringAsync(async token =>
        {
            await channel.Messages.RequestAsync<FetchStarted>(new FetchFile(file.Id, offset), token).ConfigureAwait(false);
            await channel.Messages.SendAsync(new Acknowledged(offset), token).ConfigureAwait(false);
            await done.Task.WaitAsync(token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask TakeAsync(
        MessageChannel messages, BlockReceiver receiver, ReadOnlyMemory<byte> frame, Action<long> moved, TaskCompletionSource done, CancellationToken cancellationToken)
    {
        bool acknowledge = await receiver.TakeAsync(frame, cancellationToken).ConfigureAwait(false);
        moved(receiver.Offset);
        if (receiver.IsComplete) done.TrySetResult();
        else if (acknowledge) await messages.SendAsync(new Acknowledged(receiver.Committed), cancellationToken).ConfigureAwait(false);
    }
}
