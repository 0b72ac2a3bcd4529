namespace LanCollab.Plugins.Session;

/// <summary>Tells the pages of servers to choose from, and of the way to the present one.</summary>
internal static class ServerNews
{
    /// <summary>Registers all that pages may ask of servers.</summary>
    public static void Start(IBridge bridge, IServerLink link)
    {
        bridge.On<ListServers>((_, _, _) => ValueTask.FromResult<object?>(List(link)));
        bridge.On<SearchServers>((_, _, _) =>
        {
            link.Finder.Search();
            return ValueTask.FromResult<object?>(List(link));
        });
        bridge.On<Invite>((request, _, _) => ValueTask.FromResult<object?>(Card(link, request.Room)));
        link.Finder.Changed += () => bridge.Publish(List(link));
    }

    private static ServerList List(IServerLink link) => new(link.KnownServers, link.DefaultServer, link.Finder.Servers, link.Finder.Report);

    private static InvitationCard Card(IServerLink link, string? room)
    {
        Invitation invitation = link.Invitation ?? throw new UserErrorException("not-joined", "You are in no room; join one first.");
        string text = string.IsNullOrEmpty(room) ? invitation.Link : $"{invitation.Link}&room={Uri.EscapeDataString(room)}";
        return new InvitationCard(invitation.Address, text, invitation.OnlyHere, QrMatrix.Of(text));
    }
}
