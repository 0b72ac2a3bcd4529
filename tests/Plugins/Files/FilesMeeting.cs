using System.Security.Cryptography;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>A hub with the files service, people with daemons, and people who speak to it without one.</summary>
public sealed class FilesMeeting : IAsyncDisposable
{
    private readonly FilesServerPlugin _server;

    private FilesMeeting(IReadOnlyDictionary<string, string?> settings)
    {
        Hub = new InMemoryHub(settings);
        _server = new FilesServerPlugin(Hub.Log, Hub.Time, new Lazy<ISessions>(() => Hub.Sessions));
    }

    public InMemoryHub Hub { get; }

    /// <summary>What stands for fsync on the hub.</summary>
    internal Action<SafeFileHandle> Flush { set => _server.Flush = value; }

    internal FilesHub Server => _server.Hub;

    internal IReadOnlyList<SharedFile> List(string room = "room") => Server.Store.List(new Peer("0", "Anybody", room));

    /// <summary>Bytes of blocks that the hub keeps.</summary>
    public long StoredBytes => Server.Store.Bytes().Counted;

    public static Task<FilesMeeting> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    /// <param name="before">A hub that has stopped and whose data this one goes on with.</param>
    /// <param name="settings">Of the hub.</param>
    public static async Task<FilesMeeting> StartAsync(string? before, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["MinFreeBytes"] = "0" };
        foreach ((string key, string value) in settings) all[key] = value;
        var meeting = new FilesMeeting(all);
        if (before is not null) Copy(before, meeting.Hub.Server.DataDirectory);
        await meeting.Hub.Server.StartAsync(meeting._server);
        return meeting;
    }

    /// <summary>A person whose page has got the list.</summary>
    /// <param name="name">The person.</param>
    /// <param name="room">The room.</param>
    /// <param name="before">A data folder to go on with.</param>
    /// <param name="time">The client's clock; null: the system's.</param>
    /// <param name="settings">More of the client's settings.</param>
    public async Task<TestClientContext> JoinAsync(string name, string room = "room", string? before = null, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["DownloadDirectory"] = Hub.Folder.Folder($"downloads-{name}"), ["MinFreeBytes"] = "0" };
        foreach ((string key, string value) in settings) all[key] = value;
        TestClientContext client = Hub.NewClient(name, all);
        if (before is not null) Copy(before, client.DataDirectory);
        // The system's clock: what is lost comes back after a fraction of a second by itself.
        var plugin = new FilesClientPlugin(Hub.Log, time ?? TimeProvider.System);
        await client.StartAsync(plugin);
        await client.JoinAs(NewPeer(name, room));
        await client.Page.WaitAsync<FileItems>(items => items.Store.Length > 0);
        return client;
    }

    /// <summary>A person who speaks to the service without a daemon of ours.</summary>
    internal async Task<RawClient> ConnectAsync(string name, string room = "room", Peer? seat = null)
    {
        TestClientContext client = Hub.NewClient(name);
        await client.JoinAs(seat ?? NewPeer(name, room));
        return new RawClient(client, await client.ConnectAsync("files", FrameLimits.Block, CancellationToken.None), Hub);
    }

    /// <summary>A seat of the person who goes by this name in the tests: another seat each time, always the same person.</summary>
    public Peer NewPeer(string name, string room = "room", Role role = Role.Member) => new(Hub.NewPeer(name).Id, name, room, $"person-{name}", new Standing(role));

    /// <summary>A file with random content, and its SHA-256.</summary>
    public (string Path, byte[] Content, string Sha256) NewFile(int size, string name = "plan.pdf")
    {
        byte[] content = Bytes(size);
        string path = Path.Combine(Hub.Folder.Folder(Guid.NewGuid().ToString("n")), name);
        File.WriteAllBytes(path, content);
        return (path, content, Hash(content));
    }

    public static byte[] Bytes(int size)
    {
        byte[] content = new byte[size];
        new Random(size).NextBytes(content);
        return content;
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    internal static Task<UploadStarted> OfferAsync(TestClientContext client, string path) => client.Page.RequestAsync<UploadStarted>(new OfferFile(path));

    public static Task DownloadAsync(TestClientContext client, string id, string? path = null) => client.Page.RequestAsync(new DownloadFile(id, path));

    public ValueTask DisposeAsync() => DisposeAllAsync();

    private async ValueTask DisposeAllAsync()
    {
        await Hub.DisposeAsync();
        await _server.DisposeAsync();
    }

    public static void Copy(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}

/// <summary>Speaks the protocol by hand.</summary>
internal sealed class RawClient
{
    private readonly MessageChannel _messages;

    public RawClient(TestClientContext client, IChannel channel, InMemoryHub hub)
    {
        Channel = (InMemoryChannel)channel;
        Direct = client.Direct;
        _messages = new MessageChannel(channel, FilesJson.Messages, hub.Log)
            .On<Acknowledged>(ack => { foreach (int block in BlockRanges.Blocks(ack.Blocks, BlockLayout.MaxBlocks)) Acks.Add(block); })
            .On<SendAgain>(again => Again.Add(again))
            .On<SharedFile>(file => Offered.Add(file))
            .On<FileItems>(items => Lists.Add(items))
            .On<TransferStopped>(stopped => Stopped.Add(stopped))
            .OnBinary((frame, _) => { Blocks.Add(frame.ToArray()); return ValueTask.CompletedTask; });
        client.Run("receive", async token =>
        {
            try { await _messages.RunAsync(token); }
            catch (Exception e) when (e is IOException or OperationCanceledException) { }
        });
    }

    public InMemoryChannel Channel { get; }

    /// <summary>To other clients.</summary>
    public IDirectLinks Direct { get; }

    public Recorded<int> Acks { get; } = new("an acknowledgement");

    public Recorded<SendAgain> Again { get; } = new("a refusal of a block");

    public Recorded<byte[]> Blocks { get; } = new("a block");

    public Recorded<SharedFile> Offered { get; } = new("an offer");

    public Recorded<FileItems> Lists { get; } = new("a list");

    public Recorded<TransferStopped> Stopped { get; } = new("a stop");

    public Task<T> RequestAsync<T>(object request) => _messages.RequestAsync<T>(request, CancellationToken.None).WaitAsync(Recorded<T>.Patience);

    public Task RequestAsync(object request) => _messages.RequestAsync(request, CancellationToken.None).WaitAsync(Recorded<int>.Patience);

    public ValueTask SendAsync(object message) => _messages.SendAsync(message, CancellationToken.None);

    /// <summary>Announces the hashes of a content's blocks; those the hub wants.</summary>
    public async Task<int[]> AnnounceAsync(byte[] content)
    {
        WantBlocks want = await RequestAsync<WantBlocks>(new BlockHashes(0, BlockHash.Pack(Hashes(content))));
        return [.. BlockRanges.Blocks(want.Blocks, BlockLayout.Count(content.Length))];
    }

    /// <summary>Announces the checksums of a content's blocks.</summary>
    public Task<WantBlocks> AnnounceChecksumsAsync(byte[] content) => RequestAsync<WantBlocks>(new BlockChecksums(0, PackedValues.Pack<BlockChecksum>(Checksums(content))));

    public static BlockChecksum[] Checksums(byte[] content) => [.. Enumerable.Range(0, BlockLayout.Count(content.Length)).Select(block => BlockChecksum.Of(Part(content, block)))];

    public static BlockHash[] Hashes(byte[] content) => [.. Enumerable.Range(0, BlockLayout.Count(content.Length)).Select(block => BlockHash.Of(Part(content, block)))];

    /// <summary>Sends one block of a content.</summary>
    public ValueTask BlockAsync(byte[] content, int block) => BlockAsync(block, Part(content, block));

    /// <summary>Creates, sends and completes an upload.</summary>
    public async Task<SharedFile> ShareAsync(byte[] content, string name = "plan.pdf", string? to = null)
    {
        await RequestAsync<UploadCreated>(new CreateUpload(name, content.Length, To: to));
        if (content.Length > 0)
        {
            foreach (int block in await AnnounceAsync(content)) await BlockAsync(content, block);
            await Acks.UntilAsync(acks => acks.Distinct().Count() == BlockLayout.Count(content.Length));
        }
        return await RequestAsync<SharedFile>(new CompleteUpload());
    }

    public static ReadOnlySpan<byte> Part(byte[] content, int block) =>
        content.AsSpan((int)BlockLayout.Offset(block), BlockLayout.Length(content.Length, block));

    public ValueTask BlockAsync(int block, ReadOnlySpan<byte> data)
    {
        byte[] frame = new byte[BlockLayout.DataAt + data.Length];
        BlockLayout.WriteHeader(frame, block);
        data.CopyTo(frame.AsSpan(BlockLayout.DataAt));
        return Channel.SendAsync(new Frame(FrameKind.Binary, frame), CancellationToken.None);
    }

    /// <summary>Waits until the hub has closed the channel.</summary>
    public async Task ClosedAsync()
    {
        var closed = new TaskCompletionSource();
        await using var registration = Channel.Closed.Register(closed.SetResult);
        await closed.Task.WaitAsync(Recorded<int>.Patience);
    }
}
