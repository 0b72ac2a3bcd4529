namespace LanCollab.Tests.Support;

/// <summary>The client's way to the hub, for a plugin that joins rooms.</summary>
public sealed class TestServerLink(TestClientContext client) : IServerLink
{
    /// <summary>Addresses that were dialled.</summary>
    public Recorded<string> Dialled { get; } = new("a dialled address");

    /// <summary>Admissions that were handed over.</summary>
    public Recorded<(Peer Self, Admission Admission)> Established { get; } = new("an established admission");

    /// <summary>Reasons of drops.</summary>
    public Recorded<string> Dropped { get; } = new("a drop");

    /// <summary>Sentences with which joining was given up.</summary>
    public Recorded<string> GivenUp { get; } = new("a join that was given up");

    /// <inheritdoc />
    public void GiveUp(string reason) => GivenUp.Add(reason);

    /// <inheritdoc />
    public IReadOnlyList<KnownServer> KnownServers { get; set; } = [];

    /// <summary>What the network shows.</summary>
    public TestServerFinder Found { get; } = new();

    /// <inheritdoc />
    public IServerFinder Finder => Found;

    /// <inheritdoc />
    public Invitation? Invitation { get; set; }

    /// <inheritdoc />
    public string DefaultServer { get; set; } = "hub.test:5870";

    /// <inheritdoc />
    public (string? Room, string? Name, string? Password) AutoJoin { get; set; }

    /// <inheritdoc />
    public async Task<IChannel> DialAsync(string address, StreamService service, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Dialled.Add(address == IServerLink.Auto ? DefaultServer : address);
        return client.Dial(service.Name, seat: null, self: null, service.MaxFrame);
    }

    /// <summary>Of the hub that is dialled.</summary>
    public string Fingerprint { get; set; } = "AB12";

    /// <inheritdoc />
    public string FingerprintOf(IChannel dialled) => Fingerprint;

    /// <inheritdoc />
    public void Establish(IChannel dialled, Peer self, Admission admission)
    {
        Peer seat = client.Hub.Admissions.PeerOf(admission.Token) ?? throw new InvalidOperationException("The hub never gave that token.");
        Established.Add((self, admission));
        client.Run("establish", _ => client.OpenAsync(seat, self));
    }

    /// <inheritdoc />
    public Task ReadyAsync(CancellationToken cancellationToken) => client.ReadyAsync().WaitAsync(cancellationToken);

    /// <inheritdoc />
    public void Drop(string reason)
    {
        Dropped.Add(reason);
        client.Run("drop", _ => client.CloseAsync(reason));
    }
}
