using LanCollab.Contracts;

namespace LanCollab.Plugins.Media;

/// <summary>Sound or pictures, the hub's half: what <see cref="MediaServer"/> plugs into the control service.</summary>
internal interface IMediaServerPart : IAsyncDisposable
{
    /// <summary>Called once, before any port is open: map datagrams, start loops.</summary>
    void Start(IServerContext context, MediaOptions options);

    /// <summary>Called for each new control channel before it receives: set handlers, send what the newcomer must know.</summary>
    void Attach(MessageChannel channel);

    /// <summary>Called once for each attached channel, after its last message. The peer may already have a newer channel.</summary>
    void Detach(MessageChannel channel);
}

/// <summary>Sound or pictures, the daemon's half: what <see cref="MediaClient"/> plugs into the control channel and the bridge.</summary>
internal interface IMediaClientPart : IAsyncDisposable
{
    /// <summary>Called once, before a page can connect: register requests and lanes, open datagrams.</summary>
    void Start(IClientContext context, MediaOptions options, IBridge bridge, ServiceLink link);

    /// <summary>Called for each new control channel before it receives: set the handlers of the hub's events.</summary>
    void Configure(MessageChannel channel);

    /// <summary>Called when the control channel is up and receiving; may send requests.</summary>
    Task OpenedAsync(MessageChannel channel, CancellationToken cancellationToken);

    /// <summary>Called when the control channel has gone.</summary>
    void Closed();
}
