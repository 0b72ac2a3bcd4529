using System.Buffers.Text;
using System.Net;
using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

public class SwarmTests
{
    private const int Size = 8 * BlockLayout.Size + 12345;

    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public async Task Eight_clients_fetch_one_file_and_the_hub_sends_a_few_copies_of_it()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(16 * BlockLayout.Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        var clients = new List<TestClientContext>();
        for (int i = 0; i < 8; i++) clients.Add(await meeting.JoinAsync($"Person {i}", time: new EndlessPatience()));
        await Task.WhenAll(clients.Select(client => FilesMeeting.DownloadAsync(client, file.Id)));
        foreach (TestClientContext client in clients) await HasAsync(client, content);
        Assert.True(meeting.Server.SentBytes <= 5L * content.Length, $"The hub sent {meeting.Server.SentBytes} bytes, {(double)meeting.Server.SentBytes / content.Length:0.00} copies.");
    }

    [Fact]
    public async Task Who_comes_later_gets_all_of_it_from_those_who_have_it()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        TestClientContext bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.DownloadAsync(bob, file.Id);
        await HasAsync(bob, content);
        await PlanUntilAsync(await FetcherAsync(meeting, "Cleo"), file, plan => plan.Peers.Count == 1 && plan.Hub.Length == 0);
        long before = meeting.Server.SentBytes;
        TestClientContext dan = await meeting.JoinAsync("Dan", time: new EndlessPatience());
        await FilesMeeting.DownloadAsync(dan, file.Id);
        await HasAsync(dan, content);
        const int sourceEnded = 4111;
        Assert.DoesNotContain(meeting.Hub.Log.Lines.All, line => line.Id.Id == sourceEnded);
        Assert.Equal(before, meeting.Server.SentBytes);
    }

    [Fact]
    public async Task A_client_that_sends_wrong_blocks_is_dropped_and_the_file_arrives_as_it_was_shared()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        await SeedAsync(meeting, file, (messages, get) => ServeAsync(messages, new byte[content.Length], get));
        foreach (string name in (string[])["Bob", "Cleo"])
        {
            // Who gave up a source that is slow today would not find out that it lies.
            TestClientContext client = await meeting.JoinAsync(name, time: new EndlessPatience(), settings: ("SwarmPeers", "0"));
            await FilesMeeting.DownloadAsync(client, file.Id);
            await HasAsync(client, content);
        }
        // Two people have told of it: nobody is sent there any more.
        RawClient dan = await FetcherAsync(meeting, "Dan");
        await PlanUntilAsync(dan, file, plan => plan.Peers.Count == 0 && plan.Hub.Length > 0);
    }

    [Fact]
    public async Task A_client_that_dies_or_says_nothing_is_replaced_by_the_hub()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        int served = 0;
        await SeedAsync(meeting, file, async (messages, get) =>
        {
            if (Interlocked.Increment(ref served) > 1) messages.Channel.Close("dead");
            else await ServeAsync(messages, content, get);
        });
        await SeedAsync(meeting, file, (_, _) => Task.CompletedTask);
        TestClientContext bob = await meeting.JoinAsync("Bob", settings: ("SwarmPatience", "0.3"));
        await FilesMeeting.DownloadAsync(bob, file.Id);
        await HasAsync(bob, content);
    }

    [Fact]
    public async Task A_client_that_cannot_be_reached_is_replaced_by_the_hub()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        RawClient behind = await meeting.ConnectAsync("Behind a firewall");
        await behind.RequestAsync(Join(behind, port: 1));
        await behind.SendAsync(new HaveBlocks(file.Id, [[0, 8]]));
        TestClientContext bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.DownloadAsync(bob, file.Id);
        await HasAsync(bob, content);
    }

    [Fact]
    public async Task Nothing_is_given_without_the_hubs_token_for_this_client_and_this_file()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        TestClientContext bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.DownloadAsync(bob, file.Id);
        await HasAsync(bob, content);
        RawClient cleo = await FetcherAsync(meeting, "Cleo"), mallory = await FetcherAsync(meeting, "Mallory");
        PeerBlocks told = Assert.Single((await PlanUntilAsync(cleo, file, plan => plan.Peers.Count == 1)).Peers);

        await using (IChannel good = await DialAsync(cleo, told, told.Token))
        {
            await good.SendAsync(new Frame(FrameKind.Json, FilesJson.Messages.Encode(new GetBlocks([[1, 1]], 0))), TestContext.Current.CancellationToken);
            Frame frame = Assert.NotNull(await good.ReceiveAsync(TestContext.Current.CancellationToken));
            Assert.Equal(RawClient.Part(content, 1), frame.Payload.Span[BlockLayout.DataAt..]);
        }
        string mac = told.Token.Split('.')[1];
        foreach ((RawClient who, string token) in ((RawClient, string)[])[
            (cleo, ""), (cleo, file.Id), (cleo, SwarmToken.Make(Secret, file.Id, cleo.Direct.Fingerprint!)), (cleo, $"{new string('0', 32)}.{mac}"), (mallory, told.Token)])
            Assert.Equal("bad-token", (await Assert.ThrowsAsync<UserErrorException>(() => DialAsync(who, told, token))).Code);
        // Another certificate than the hub told: it is somebody else.
        Assert.Equal("server-changed", (await Assert.ThrowsAsync<UserErrorException>(() => DialAsync(cleo, told with { Fingerprint = new string('A', 64) }, told.Token))).Code);
    }

    [Fact]
    public void A_token_ends_when_the_secret_has_changed_twice()
    {
        var secrets = new SwarmSecrets();
        string token = SwarmToken.Make(secrets.Current, "id", "AB");
        Assert.True(secrets.Allow(token, "AB"));
        secrets.Change();
        Assert.True(secrets.Allow(token, "AB"));
        secrets.Change();
        Assert.False(secrets.Allow(token, "AB"));
    }

    [Fact]
    public async Task A_private_file_goes_round_among_the_two_it_is_for_only()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        Peer seat = meeting.NewPeer("Bob");
        RawClient bob = await meeting.ConnectAsync("Bob", seat: seat);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content, to: seat.Id);
        await bob.RequestAsync(Join(bob));
        await bob.SendAsync(new HaveBlocks(file.Id, [[0, 8]]));
        RawClient mallory = await FetcherAsync(meeting, "Mallory"), ada = await FetcherAsync(meeting, "Ada");
        await PlanUntilAsync(ada, file, plan => plan.Peers.Count == 1);
        Assert.Equal("unknown-file", (await Assert.ThrowsAsync<UserErrorException>(() => mallory.RequestAsync<BlockPlan>(new AskPlan(file.Id, 8, [])))).Code);
        // What somebody says to have who may not have it is told to nobody.
        await mallory.SendAsync(new HaveBlocks(file.Id, [[0, 8]]));
        await bob.SendAsync(new LostBlocks(file.Id));
        await PlanUntilAsync(ada, file, plan => plan.Alone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_swarm_all_comes_from_the_hub(bool atHub)
    {
        await using FilesMeeting meeting = await (atHub ? FilesMeeting.StartAsync(("Swarm", "false")) : FilesMeeting.StartAsync());
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        foreach (string name in (string[])["Bob", "Cleo"])
        {
            TestClientContext client = await meeting.JoinAsync(name, settings: ("Swarm", atHub ? "true" : "false"));
            await FilesMeeting.DownloadAsync(client, file.Id);
            await HasAsync(client, content);
        }
        Assert.True(meeting.Server.SentBytes >= 2L * content.Length);
    }

    [Fact]
    public async Task A_file_that_was_changed_after_its_download_is_not_given_on()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        byte[] content = FilesMeeting.Bytes(Size);
        SharedFile file = await (await meeting.ConnectAsync("Ada")).ShareAsync(content);
        TestClientContext bob = await meeting.JoinAsync("Bob");
        await FilesMeeting.DownloadAsync(bob, file.Id);
        string path = await HasAsync(bob, content);
        await PlanUntilAsync(await FetcherAsync(meeting, "Cleo"), file, plan => plan.Peers.Count == 1 && plan.Hub.Length == 0);
        await File.WriteAllBytesAsync(path, new byte[Size], TestContext.Current.CancellationToken);
        TestClientContext dan = await meeting.JoinAsync("Dan");
        await FilesMeeting.DownloadAsync(dan, file.Id);
        await HasAsync(dan, content);
    }

    /// <summary>A download has ended well; where its file is.</summary>
    private static async Task<string> HasAsync(TestClientContext client, byte[] content)
    {
        DownloadDone done = await client.Page.WaitAsync<DownloadDone>();
        Assert.Equal(FilesMeeting.Hash(content), FilesMeeting.Hash(await File.ReadAllBytesAsync(done.Path, TestContext.Current.CancellationToken)));
        return done.Path;
    }

    private static JoinSwarm Join(RawClient client, int port = 9) => new(client.Direct.Fingerprint!, port, Base64Url.EncodeToString(Secret), 16);

    /// <summary>Somebody who only fetches.</summary>
    private static async Task<RawClient> FetcherAsync(FilesMeeting meeting, string name)
    {
        RawClient client = await meeting.ConnectAsync(name);
        await client.RequestAsync(Join(client, port: 0));
        return client;
    }

    /// <summary>Somebody who says to have all of a file, and does with requests what the test says.</summary>
    private static async Task SeedAsync(FilesMeeting meeting, SharedFile file, Func<MessageChannel, GetBlocks, Task> answer)
    {
        RawClient seed = await meeting.ConnectAsync($"Seed {Guid.NewGuid():n}");
        int port = seed.Direct.Listen(new StreamService("files", 0), caller => SwarmToken.IsRight(caller.Token, Secret, caller.Fingerprint), async (_, channel, token) =>
        {
            MessageChannel messages = new(channel, FilesJson.Messages, meeting.Hub.Log);
            messages.On<GetBlocks>(async (get, _) => { await answer(messages, get); return null; });
            await messages.RunAsync(token);
        });
        await seed.RequestAsync(Join(seed, port));
        await seed.SendAsync(new HaveBlocks(file.Id, [[0, BlockLayout.Count(file.Size) - 1]]));
    }

    private static async Task ServeAsync(MessageChannel messages, byte[] content, GetBlocks get)
    {
        foreach (int block in BlockRanges.Blocks(get.Blocks, BlockLayout.Count(content.Length)))
        {
            byte[] frame = [.. new byte[BlockLayout.DataAt], .. RawClient.Part(content, block)];
            BlockLayout.WriteHeader(frame, block);
            await messages.Channel.SendAsync(new Frame(FrameKind.Binary, frame), CancellationToken.None);
        }
    }

    private static Task<IChannel> DialAsync(RawClient who, PeerBlocks to, string token) => who.Direct.DialAsync(
        new IPEndPoint(IPAddress.Parse(to.Address), to.Port), to.Fingerprint, new StreamService("files", to.Port) { MaxFrame = FrameLimits.Block }, token, TestContext.Current.CancellationToken);

    /// <summary>Asks until the hub's advice is as expected: others tell it what they have in their own time.</summary>
    private static async Task<BlockPlan> PlanUntilAsync(RawClient client, SharedFile file, Func<BlockPlan, bool> expected)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        while (true)
        {
            BlockPlan plan = await client.RequestAsync<BlockPlan>(new AskPlan(file.Id, 16, []));
            if (expected(plan)) return plan;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

/// <summary>
/// A clock on which nobody is ever too slow: it stands still, and only what waits for less than a second is woken up, in real time. On a busy machine a client takes a source that is in
/// its turn for one that is dead, and asks the hub, as it should; here it is looked at what comes from where when nothing is.
/// </summary>
internal sealed class EndlessPatience : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < Short ? dueTime : Timeout.InfiniteTimeSpan, period);
}
