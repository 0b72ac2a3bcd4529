using LanCollab.Contracts;
using Microsoft.Extensions.Logging;

namespace LanCollab.Plugins.Chat.Server;

/// <summary>What the hub does for each channel: one method for each message.</summary>
internal sealed class ChatHub(ChatStore store, LineWriter writer, ChatRooms rooms, Limits limits, Lazy<ISessions> sessions, TimeProvider time)
{
    private const int MaxPage = 200, MaxFound = 50, MaxPeople = 200;

    /// <summary>
    /// Posts of one channel that may wait for the disk together. Who speaks fast is told to each receiver in runs of about this length: with 64 the hub spent most of its time in
    /// system calls, one for 30 lines and receiver.
    /// </summary>
    private const int UnderWay = 512;

    /// <summary>Returns when the channel has ended.</summary>
    public async Task ServeAsync(IChannel channel, ILogger log, CancellationToken cancellationToken)
    {
        var messages = new MessageChannel(channel, ChatWire.Messages, log);
        Peer peer = messages.Peer;
        string room = RoomOf(peer);
        Configure(messages, peer);
        store.Meet(room, Named(peer), time.GetUtcNow());
        // In the room before the first request: what is said after a page of history was read comes as an event.
        rooms.Add(room, channel);
        void Tell(Peer changed) { if (changed == peer) messages.TryPost(AllowedTo(peer)); }
        sessions.Value.Changed += Tell;
        messages.TryPost(AllowedTo(peer));
        try
        {
            await messages.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            sessions.Value.Changed -= Tell;
            rooms.Remove(room, channel);
        }
    }

    private static Allowed AllowedTo(Peer peer) => new(Write: peer.Role >= Role.Member, Moderate: peer.Role >= Role.Moderator);

    private void Configure(MessageChannel messages, Peer peer)
    {
        var chain = new Chain();
        var most = new SemaphoreSlim(UnderWay);
        messages
            .OnSeveral<Say>((say, token) => AddAsync(peer, Line(peer, say, chain), token), most)
            .OnSeveral<Edit>((edit, token) => AddAsync(peer, new NewText(RoomOf(peer), Named(peer), LineRules.Key(edit.Key), Now, edit.Line, LineRules.Text(edit.Text)) { Chain = chain, After = edit.After }, token), most)
            .OnSeveral<Delete>((delete, token) => AddAsync(peer, new Deletion(RoomOf(peer), Named(peer), LineRules.Key(delete.Key), Now, delete.Line, peer.Role >= Role.Moderator) { Chain = chain, After = delete.After }, token), most)
            .OnSeveral<React>((react, token) => AddAsync(peer, new NewReaction(RoomOf(peer), Named(peer), LineRules.Key(react.Key), Now, react.Line, LineRules.Emoji(react.Emoji), react.On) { Chain = chain, After = react.After }, token), most)
            .On((History ask) => Page(peer, ask))
            .On((Search ask) => Find(peer, ask))
            .On((People _) => Known(peer))
            .On((Typing typing) => Type(peer, typing));
    }

    private async ValueTask<object?> AddAsync(Peer from, Post post, CancellationToken cancellationToken)
    {
        limits.Post(from);
        long seq = await writer.AddAsync(post, cancellationToken).ConfigureAwait(false);
        return new SayOk(seq);
    }

    private NewLine Line(Peer from, Say say, Chain chain) =>
        new(RoomOf(from), Named(from), LineRules.Key(say.Key), Now, To(from, say.To), LineRules.Text(say.Text), say.Reply) { Chain = chain, After = say.After };

    private Member? To(Peer from, string? id)
    {
        if (id is null) return null;
        if (sessions.Value.Members(from.Room).FirstOrDefault(member => member.Id == id || member.Person == id) is { } here) return Named(here);
        return store.People(RoomOf(from)).FirstOrDefault(member => member.Person == id)
            ?? throw new UserErrorException("no-such-member", "That person is not in the room and was not here before.");
    }

    private HistoryOk Page(Peer reader, History ask)
    {
        if (ask.Limit is < 1 or > MaxPage) throw new UserErrorException("bad-limit", $"A page of history has 1 to {MaxPage} lines, not {ask.Limit}.");
        if (ask is { Before: not null, After: not null, Direct: false }) throw new UserErrorException("bad-request", "Ask for lines before or after one, not both.");
        limits.Read(reader);
        return store.History.Page(RoomOf(reader), reader.Person, ask) with { Self = Named(reader) };
    }

    private SearchOk Find(Peer reader, Search ask)
    {
        if (ask.Limit is < 1 or > MaxFound) throw new UserErrorException("bad-limit", $"A search finds 1 to {MaxFound} lines, not {ask.Limit}.");
        if (ask.Text.Length > LineRules.MaxSearch) throw new UserErrorException("line-too-long", $"A search has {LineRules.MaxSearch} characters at most.");
        limits.Search(reader);
        return store.Search.Find(RoomOf(reader), reader.Person, ask);
    }

    private PeopleOk Known(Peer reader)
    {
        limits.Read(reader);
        IEnumerable<Someone> here = sessions.Value.Members(reader.Room).Select(member => new Someone(member.Person, member.Name, Here: true));
        IEnumerable<Someone> before = store.People(RoomOf(reader)).Select(member => new Someone(member.Person, member.Name, Here: false));
        return new PeopleOk([.. here.Concat(before).DistinctBy(someone => someone.Person).Take(MaxPeople)]);
    }

    private void Type(Peer from, Typing typing)
    {
        if (!limits.Type(from)) return;
        string? to = typing.To is { } id ? sessions.Value.Members(from.Room).FirstOrDefault(member => member.Id == id || member.Person == id)?.Person ?? "" : null;
        rooms.Tell(RoomOf(from), new Typist(from.Person, from.Name, to, from.Id));
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private static Member Named(Peer peer) => new(peer.Id, peer.Name, peer.Person);

    /// <summary>A room that is spelled another way tomorrow is the same room and has its history.</summary>
    private static string RoomOf(Peer peer) => peer.Room.ToUpperInvariant();
}
