using LanCollab.Tests.Support;

using System.Text.Json.Serialization;

namespace LanCollab.Tests.Contracts;

/// <summary>Who may send what, as the hub's end of a channel checks it.</summary>
public sealed class PermissionsTests
{
    private static readonly MessageSet Messages = MessageSet.Of([typeof(Knock), typeof(Open), typeof(Unsaid)], new DoorJson(new(MessageSet.WireOptions)));

    [Fact]
    public async Task A_role_that_may_not_is_refused_and_the_handler_never_runs()
    {
        (MessageChannel client, Recorded<object> handled) = Meet(new Standing(Role.Listener));

        UserErrorException refusal = await Assert.ThrowsAsync<UserErrorException>(() => client.RequestAsync(new Knock(), TestContext.Current.CancellationToken));

        Assert.Equal("not-allowed", refusal.Code);
        Assert.Contains("listener", refusal.Message);
        Assert.Empty(handled.All);
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData("now", false, false)]
    [InlineData("", false, true)]
    [InlineData(null, true, false)]
    public async Task A_field_may_need_more_than_its_message(string? when, bool force, bool passes)
    {
        (MessageChannel client, _) = Meet(new Standing(Role.Member));

        Task asked = client.RequestAsync(new Open(when, force), TestContext.Current.CancellationToken);

        if (passes) await asked;
        else Assert.Equal("not-allowed", (await Assert.ThrowsAsync<UserErrorException>(() => asked)).Code);
    }

    [Fact]
    public async Task A_role_given_meanwhile_counts_from_the_next_message_on()
    {
        var peer = new Peer("00c0ffee00c0ffee", "Ada", "Bridge", standing: new Standing(Role.Listener));
        (MessageChannel client, Recorded<object> handled) = Meet(peer);

        peer.Stand(new Standing(Role.Moderator));
        await client.RequestAsync(new Open("now", true), TestContext.Current.CancellationToken);

        Assert.Single(handled.All);
    }

    [Fact]
    public void The_hub_takes_no_handler_of_a_message_that_does_not_say_who_may_send_it()
    {
        (InMemoryChannel hub, InMemoryChannel client) = InMemoryChannel.Pair(hubPeer: new Peer("1", "Ada", "Bridge"), clientPeer: new Peer("1", "Ada", "Bridge"));

        Assert.Throws<InvalidOperationException>(() => new MessageChannel(hub, Messages, new TestLog()).On<Unsaid>(_ => { }));
        new MessageChannel(client, Messages, new TestLog()).On<Unsaid>(_ => { });
    }

    [Fact]
    public void A_field_never_needs_less_than_its_message()
    {
        Assert.Equal(Role.Member, Permissions.Of(typeof(Open)).LeastFor(nameof(Open.Note)));
        Assert.Equal(Role.Moderator, Permissions.Of(typeof(Open)).LeastFor(nameof(Open.Force)));
    }

    private static (MessageChannel Client, Recorded<object> Handled) Meet(Standing standing) => Meet(new Peer("1", "Ada", "Bridge", standing: standing));

    private static (MessageChannel Client, Recorded<object> Handled) Meet(Peer peer)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var handled = new Recorded<object>("handled");
        (InMemoryChannel hub, InMemoryChannel client) = InMemoryChannel.Pair(hubPeer: peer, clientPeer: peer);
        MessageChannel atHub = new MessageChannel(hub, Messages, new TestLog()).On<Knock>(handled.Add).On<Open>(handled.Add);
        var atClient = new MessageChannel(client, Messages, new TestLog());
        _ = atHub.RunAsync(stop);
        _ = atClient.RunAsync(stop);
        return (atClient, handled);
    }
}

[Message("door/knock"), Needs(Role.Member)]
internal sealed record Knock;

[Message("door/open"), Needs(Role.Member)]
internal sealed record Open(
    [property: Needs(Role.Moderator)] string? When = null, [property: Needs(Role.Moderator)] bool Force = false, [property: Needs(Role.Listener)] string? Note = null);

[Message("door/unsaid")]
internal sealed record Unsaid;

[JsonSerializable(typeof(Knock))]
[JsonSerializable(typeof(Open))]
[JsonSerializable(typeof(Unsaid))]
internal sealed partial class DoorJson : JsonSerializerContext;
