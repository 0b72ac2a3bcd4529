using System.Text;

namespace LanCollab.Tests.Support.Tests;

public class InMemoryHubTests
{
    private static readonly StreamService Echo = new("echo", 0);

    [Fact]
    public async Task A_joined_client_talks_to_the_service_as_its_seat()
    {
        await using var hub = new InMemoryHub();
        hub.Server.MapStream(Echo, EchoAsync);
        TestClientContext ada = hub.NewClient("Ada");
        var answers = new Recorded<string>("an answer");
        ada.OpenStream("echo", async (channel, token) =>
        {
            Assert.Equal("Ada", channel.Peer!.Name);
            await channel.SendAsync(Text("hello"), token);
            answers.Add(TextOf(await channel.ReceiveAsync(token)));
        });
        Peer seat = await ada.JoinAs("Ada");
        Assert.Equal("Ada: hello", await answers.WaitAsync(_ => true));
        Assert.Equal([seat], hub.Sessions.Members("room"));
        await ada.LeaveAsync();
        Assert.Empty(hub.Sessions.Members("room"));
        Assert.Empty(ada.Channels);
    }

    [Fact]
    public async Task A_stream_comes_back_after_a_cut_and_waits_while_the_cable_is_out()
    {
        await using var hub = new InMemoryHub();
        var served = new Recorded<InMemoryChannel>("a channel");
        hub.Server.MapStream(Echo, async (channel, _) =>
        {
            served.Add((InMemoryChannel)channel);
            await Assert.ThrowsAsync<IOException>(async () => await channel.ReceiveAsync(CancellationToken.None));
        });
        TestClientContext ada = hub.NewClient();
        ada.OpenStream("echo", (channel, token) => channel.ReceiveAsync(token).AsTask());
        await ada.JoinAs("Ada");
        ada.Cut();
        await served.WaitCountAsync(2);
        ada.GoOffline();
        await Assert.ThrowsAsync<UserErrorException>(() => ada.ConnectAsync("echo", 100, CancellationToken.None));
        ada.GoOnline();
        await served.WaitCountAsync(3);
        ada.GoOffline();
    }

    [Fact]
    public async Task Without_a_room_no_channel_opens()
    {
        await using var hub = new InMemoryHub();
        hub.Server.MapStream(Echo, EchoAsync);
        var refusal = await Assert.ThrowsAsync<UserErrorException>(() => hub.NewClient().ConnectAsync("echo", 100, CancellationToken.None));
        Assert.Equal("not-joined", refusal.Code);
    }

    [Fact]
    public async Task A_revoked_seat_loses_its_channels_and_gets_no_new_ones()
    {
        await using var hub = new InMemoryHub();
        var closed = new Recorded<Peer>("a closed channel");
        hub.Server.MapStream(Echo, async (channel, _) =>
        {
            Assert.Null(await channel.ReceiveAsync(CancellationToken.None));
            closed.Add(channel.Peer!);
        });
        TestClientContext ada = hub.NewClient();
        ada.OpenStream("echo", async (channel, token) => await channel.ReceiveAsync(token));
        Peer seat = await ada.JoinAs("Ada");
        hub.Admissions.Revoke(seat, "out");
        await closed.WaitAsync(p => p == seat);
        Assert.Single(closed.All);
    }

    [Fact]
    public async Task What_a_plugin_throws_fails_its_test()
    {
        var hub = new InMemoryHub();
        hub.Server.MapStream(Echo, (_, _) => throw new InvalidOperationException("a bug"));
        TestClientContext ada = hub.NewClient();
        await ada.JoinAs("Ada");
        await ada.ConnectAsync("echo", 100, CancellationToken.None);
        await hub.Faults.WaitAsync(f => f.Fault.Message == "a bug");
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task A_frame_above_the_limit_is_a_protocol_error()
    {
        await using var hub = new InMemoryHub();
        hub.Server.MapStream(Echo with { MaxFrame = 4 }, EchoAsync);
        TestClientContext ada = hub.NewClient();
        await ada.JoinAs("Ada");
        IChannel channel = await ada.ConnectAsync("echo", 100, CancellationToken.None);
        await channel.SendAsync(Text("hello"), CancellationToken.None);
        Assert.Null(await channel.ReceiveAsync(CancellationToken.None));
        Assert.Contains("5 bytes", Assert.Single(hub.ProtocolErrors.All));
    }

    [Fact]
    public async Task Options_come_from_the_settings_and_complain()
    {
        await using var hub = new InMemoryHub(new Dictionary<string, string?> { ["Port"] = "7", ["Wrong"] = "1" });
        Assert.Contains("Wrong", Assert.Throws<ConfigurationErrorException>(() => hub.Server.Options<Settings>()).Message);
        TestClientContext ada = hub.NewClient(settings: new Dictionary<string, string?> { ["Port"] = "7" });
        Assert.Equal(7, ada.Options<Settings>().Port);
        TestClientContext bob = hub.NewClient(settings: new Dictionary<string, string?> { ["Port"] = "70000" });
        Assert.Throws<ConfigurationErrorException>(() => bob.Options<Settings>());
    }

    private static async Task EchoAsync(IChannel channel, CancellationToken token)
    {
        while (await channel.ReceiveAsync(token) is { } frame)
            await channel.SendAsync(Text($"{channel.Peer!.Name}: {TextOf(frame)}"), token);
    }

    private static Frame Text(string text) => new(FrameKind.Binary, Encoding.UTF8.GetBytes(text));

    private static string TextOf(Frame? frame) => Encoding.UTF8.GetString(frame!.Value.Payload.Span);

    private sealed class Settings
    {
        [System.ComponentModel.DataAnnotations.Range(0, 65535)]
        public int Port { get; set; }
    }
}
