using System.Composition;
using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Files;

/// <summary>The daemon's half: transfers between this machine's disk, the page and the hub.</summary>
[Export(typeof(IClientPlugin)), Export(typeof(FilesClientPlugin)), Shared]
[method: ImportingConstructor]
public sealed class FilesClientPlugin(ILogger log, TimeProvider time) : IClientPlugin, IAsyncDisposable
{
    private ClientServices? _services;
    private ServiceLink? _link;
    private Uploads? _uploads;
    private Downloads? _downloads;

    internal Uploads Uploads => _uploads ?? throw new InvalidOperationException("The plugin has not been started.");

    internal Downloads Downloads => _downloads ?? throw new InvalidOperationException("The plugin has not been started.");

    internal ClientServices Services => _services ?? throw new InvalidOperationException("The plugin has not been started.");

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken)
    {
        IBridge bridge = context.Bridge(FilesJson.Messages);
        var journal = new TransferJournal(context.DataDirectory, log);
        var gate = new HubGate();
        _services = new ClientServices(
            context, bridge, context.Watch<FilesOptions>(), journal, gate, new SharedFiles(bridge, journal, gate), time, log);
        _uploads = new Uploads(_services, DiscardAsync);
        _downloads = new Downloads(_services);
        _services.Swarm.Start();
        _link = ServiceLink.Open(context, FilesServerPlugin.Service, FilesJson.Messages, log, Configure, WatchAsync, Closed, FrameLimits.Block);
        Serve(bridge, new PageFiles(_services, _uploads));
        _uploads.Restore();
        _downloads.Restore();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _uploads?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Serve(IBridge bridge, PageFiles page)
    {
        bridge.On<OfferFile>((request, _, _) => new(_uploads!.Offer(request.Path, Path.GetFileName(Path.TrimEndingDirectorySeparator(request.Path)), spooled: false, request.To)));
        bridge.On<DownloadFile>((request, _, _) => new(_downloads!.Start(request)));
        bridge.On<ListFiles>((_, _, _) => new(Services.Files.Items));
        bridge.On<WithdrawFile>(async (request, _, token) => await WithdrawAsync(request.Id, token).ConfigureAwait(false));
        bridge.On<CancelTransfer>(async (request, _, token) => await CancelAsync(request.Id, token).ConfigureAwait(false));
        bridge.On<PauseTransfer>((request, _, _) => new(Rest(request.Id, transfer => transfer.Pause())));
        bridge.On<ResumeTransfer>((request, _, _) => new(Rest(request.Id, transfer => transfer.Resume())));
        bridge.On<GatherFolder>((request, _, _) => new(page.Gather(request)));
        bridge.On<ForgetPut>((request, _, _) => new(page.Forget(request)));
        bridge.On<AskPeople>(async (request, _, token) => await _link!.Current.RequestAsync<RoomPeople>(request, token).ConfigureAwait(false));
        bridge.OnConnected(to => Draw(to, page));
        bridge.MapHttp("PUT", "/files/", page.PutAsync);
        bridge.MapHttp("GET", "/files/", page.GetAsync);
    }

    private void Draw(IPage page, PageFiles files)
    {
        page.Send(Services.Files.Items);
        page.Send(files.Unfinished);
        foreach (TransferProgress progress in _uploads!.Progress.Concat(_downloads!.Progress)) page.Send(progress);
    }

    private void Configure(MessageChannel messages) => messages
        .On<FileItems>(items => Services.Files.Replace(items, messages.Peer))
        .On<SharedFile>(Services.Files.Add)
        .On<FileWithdrawn>(gone =>
        {
            Services.Files.Remove(gone);
            Services.Swarm.Withdrawn(gone.Id);
        });

    private async Task WatchAsync(MessageChannel messages, CancellationToken cancellationToken)
    {
        // Before the list, which lets waiting transfers go.
        await Services.Swarm.OpenedAsync(messages, cancellationToken).ConfigureAwait(false);
        await messages.RequestAsync(new ListFiles(), cancellationToken).ConfigureAwait(false);
    }

    private void Closed()
    {
        Services.Gate.Set(null);
        Services.Swarm.Closed();
    }

    private async Task<object?> WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        await _link!.Current.RequestAsync(new WithdrawFile(id, Services.Journal.TokenOf(id)), cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<object?> CancelAsync(string id, CancellationToken cancellationToken)
    {
        bool found = await _uploads!.CancelAsync(id, cancellationToken).ConfigureAwait(false)
            || await _downloads!.CancelAsync(id, cancellationToken).ConfigureAwait(false);
        return found ? null : throw Ended();
    }

    private object? Rest(string id, Action<Transfer> change)
    {
        change(_uploads!.Find(id) ?? _downloads!.Find(id) ?? throw Ended());
        return null;
    }

    private static UserErrorException Ended() => new("unknown-transfer", "This transfer has ended already.");

    private async Task DiscardAsync(string token, CancellationToken cancellationToken)
    {
        try
        {
            if (_link is { IsOpen: true } link) await link.Current.RequestAsync(new DiscardUpload(token), cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            // The hub does not know it, or cannot be reached: what it has of it expires there.
            FilesLog.TransferWaits(log, "a discarded upload", e.Message);
        }
    }
}
