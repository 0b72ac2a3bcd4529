using System.Buffers.Text;
using LanCollab.Contracts;

namespace LanCollab.Plugins.Files;

/// <summary>
/// This client's part in the swarm: tells the hub what it has, asks it where to get blocks, and lets others in. Without a hub that has a swarm, or with
/// <c>Plugins:Files:Swarm</c> off, all comes from the hub as ever.
/// </summary>
internal sealed class SwarmClient
{
    /// <summary>Below this number of blocks a file comes from the hub: to ask around would take longer.</summary>
    private const int LeastBlocks = 4;

    private static readonly TimeSpan SecretTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TellPause = TimeSpan.FromMilliseconds(100);

    private readonly ClientServices _services;
    private readonly Holdings _holdings = new();
    private readonly SwarmSecrets _secrets = new();
    private readonly SemaphoreSlim _told = new(0);
    private volatile MessageChannel? _hub;
    private int _port;

    public SwarmClient(ClientServices services)
    {
        _services = services;
        Door = new PeerDoor(_holdings, _secrets, () => services.Options, services.Time, services.Log);
    }

    /// <summary>Where others come in.</summary>
    public PeerDoor Door { get; }

    /// <summary>How long another client may send nothing.</summary>
    public TimeSpan Patience => TimeSpan.FromSeconds(_services.Options.SwarmPatience);

    /// <summary>Lets others in from now on; where that cannot be, this client only takes.</summary>
    public void Start()
    {
        if (!_services.Options.Swarm || _services.Context.Direct.Fingerprint is null) return;
        try
        {
            if (_services.Options.SwarmPeers > 0) _port = Door.Open(_services.Context.Direct);
        }
        catch (IOException e)
        {
            FilesLog.NoDoor(_services.Log, e.Message);
        }
        _services.Context.Run("tell the swarm", TellAsync);
        _services.Context.Run("change the swarm's secret", ChangeAsync);
    }

    /// <summary>The standing channel is up.</summary>
    public async Task OpenedAsync(MessageChannel hub, CancellationToken cancellationToken)
    {
        if (!_services.Options.Swarm || _services.Context.Direct.Fingerprint is null) return;
        try
        {
            await JoinAsync(hub, cancellationToken).ConfigureAwait(false);
            foreach (Holding holding in _holdings.All)
            {
                holding.TakeUntold();
                await hub.SendAsync(new HaveBlocks(holding.File.Id, holding.Blocks), cancellationToken).ConfigureAwait(false);
            }
            _hub = hub;
        }
        catch (UserErrorException e)
        {
            FilesLog.NoSwarm(_services.Log, e.Message);
        }
    }

    /// <summary>The standing channel has gone.</summary>
    public void Closed() => _hub = null;

    /// <summary>The file is not shared any more.</summary>
    public void Withdrawn(string id) => _holdings.Remove(id)?.End();

    /// <summary>Fetches blocks, from wherever they come; returns when all have been taken.</summary>
    /// <param name="fetch">The way to the hub.</param>
    /// <param name="file">The file.</param>
    /// <param name="target">Where it goes; others are given from there what has come.</param>
    /// <param name="missing">Which blocks.</param>
    /// <param name="take">Takes each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">As <see cref="FileFetch.GetAsync"/>.</exception>
    /// <exception cref="IOException">As <see cref="FileFetch.GetAsync"/>.</exception>
    public async Task GetAsync(FileFetch fetch, SharedFile file, IContentTarget target, IReadOnlyCollection<int> missing, TakeBlock take, CancellationToken cancellationToken)
    {
        if (_hub is null || fetch.Hashes.Length < LeastBlocks)
        {
            await fetch.GetAsync(missing, take, cancellationToken).ConfigureAwait(false);
            return;
        }
        var holding = new Holding(file, fetch.Hashes, target.Read);
        foreach (int block in Enumerable.Range(0, fetch.Hashes.Length).Except(missing)) holding.Add(block);
        if (_holdings.Add(holding) is { } gone) await ForgetAsync(gone, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0) await new SwarmFetch(this, fetch, holding, take, _services).RunAsync(missing, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A download is complete, and its file lies there for good.</summary>
    public void Keep(string id, string path)
    {
        _holdings.Find(id)?.Move((offset, target) =>
        {
            // Opened for each block: a person may do with the file what they like.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            FileContent.ReadWhole(file, offset, target.Span);
        });
        Tell();
    }

    /// <summary>A download has been given up, or cannot be given on where it lies now.</summary>
    public void Drop(string id)
    {
        if (_holdings.Remove(id) is { } gone) _services.Context.Run("leave a swarm", token => ForgetAsync(gone, token));
    }

    /// <summary>Blocks have come: the hub is told in a moment.</summary>
    public void Tell()
    {
        if (_told.CurrentCount == 0) _told.Release();
    }

    /// <summary>The hub's advice; null when there is none, and the hub has all.</summary>
    public async Task<BlockPlan?> PlanAsync(string id, int want, int[][] busy, CancellationToken cancellationToken)
    {
        if (_hub is not { } hub) return null;
        try
        {
            await FlushAsync(hub, cancellationToken).ConfigureAwait(false);
            return await hub.RequestAsync<BlockPlan>(new AskPlan(id, want, busy), cancellationToken).ConfigureAwait(false);
        }
        catch (UserErrorException e)
        {
            FilesLog.NoSwarm(_services.Log, e.Message);
            return null;
        }
    }

    /// <summary>Tells the hub about a client that gives nothing, or something wrong.</summary>
    public Task AvoidAsync(string id, string peer, bool wrong, CancellationToken cancellationToken) => SendAsync(new AvoidPeer(id, peer, wrong), cancellationToken);

    /// <summary>Takes a new secret, and tells the hub.</summary>
    public async Task ChangeSecretAsync(CancellationToken cancellationToken)
    {
        _secrets.Change();
        if (_hub is { } hub) await JoinAsync(hub, cancellationToken).ConfigureAwait(false);
    }

    private Task JoinAsync(MessageChannel hub, CancellationToken cancellationToken) => hub.RequestAsync(
        new JoinSwarm(_services.Context.Direct.Fingerprint!, _port, Base64Url.EncodeToString(_secrets.Current), _services.Options.SwarmPeers), cancellationToken);

    private Task ForgetAsync(Holding gone, CancellationToken cancellationToken)
    {
        gone.End();
        return SendAsync(new LostBlocks(gone.File.Id), cancellationToken);
    }

    private async Task SendAsync(object message, CancellationToken cancellationToken)
    {
        try
        {
            if (_hub is { } hub) await hub.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The hub has forgotten this client with its channel.
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _told.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_hub is { } hub) await FlushAsync(hub, cancellationToken).ConfigureAwait(false);
            await Task.Delay(TellPause, _services.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(MessageChannel hub, CancellationToken cancellationToken)
    {
        try
        {
            foreach (Holding holding in _holdings.All)
            {
                int[][] blocks = holding.TakeUntold();
                if (blocks.Length > 0) await hub.SendAsync(new HaveBlocks(holding.File.Id, blocks), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The next channel is told everything.
        }
    }

    private async Task ChangeAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SecretTime, _services.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await ChangeSecretAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (UserErrorException e)
            {
                // The next channel brings the new one.
                FilesLog.NoSwarm(_services.Log, e.Message);
            }
        }
    }
}
