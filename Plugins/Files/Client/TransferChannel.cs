using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>A channel of one transfer, with its receive loop, seen from the client.</summary>
internal sealed class TransferChannel : IAsyncDisposable
{
    private static readonly TimeSpan ReasonGrace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ClientServices _services;
    private readonly Task _receiving;
    private Exception? _reason;

    private TransferChannel(ClientServices services, IChannel channel, Action<MessageChannel> configure)
    {
        _services = services;
        Messages = new MessageChannel(channel, FilesJson.Messages, services.Log)
            .On<TransferStopped>(stopped => { _reason ??= new UserErrorException(stopped.Code, stopped.Message); });
        configure(Messages);
        _receiving = ReceiveAsync();
    }

    /// <summary>The messages.</summary>
    public MessageChannel Messages { get; }

    /// <summary>Opens one.</summary>
    /// <param name="services">What the plugin has.</param>
    /// <param name="configure">Sets the handlers.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="UserErrorException"><c>not-joined</c>, <c>unreachable</c>.</exception>
    public static async Task<TransferChannel> OpenAsync(ClientServices services, Action<MessageChannel> configure, CancellationToken cancellationToken)
    {
        IChannel channel = await services.Context.ConnectAsync(FilesServerPlugin.Service, FrameLimits.Block, cancellationToken).ConfigureAwait(false);
        return new TransferChannel(services, channel, configure);
    }

    /// <summary>Does work that ends with the channel.</summary>
    /// <exception cref="UserErrorException">The hub has stopped the transfer.</exception>
    /// <exception cref="IOException">The connection has gone.</exception>
    public async Task<T> DuringAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            return await work(linked.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e) && !cancellationToken.IsCancellationRequested)
        {
            // The reason stands in the last frames, which the receive loop may still have before it.
            await Task.WhenAny(_receiving, Task.Delay(ReasonGrace, _services.Time, cancellationToken)).ConfigureAwait(false);
            throw _reason ?? new IOException("The connection to the server was lost.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await Messages.Channel.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
        _ended.Dispose();
    }

    private static bool IsLoss(Exception e) => e is OperationCanceledException or IOException or UserErrorException { Code: "connection-lost" };

    private async Task ReceiveAsync()
    {
        try
        {
            await Messages.RunAsync(_stop.Token).ConfigureAwait(false);
            _reason ??= new IOException("The server has closed the connection.");
        }
        catch (Exception e)
        {
            // Whatever it is, it ends this transfer's attempt and is judged there.
            _reason ??= e;
        }
        finally
        {
            await _ended.CancelAsync().ConfigureAwait(false);
        }
    }
}
