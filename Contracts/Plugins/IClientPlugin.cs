namespace LanCollab.Contracts;

/// <summary>
/// The half of a plugin that runs in the daemon on a person's machine, between the hub and the page.
/// Export it: <c>[Export(typeof(IClientPlugin)), Shared]</c>; imports as for <see cref="IServerPlugin"/>.
/// </summary>
/// <remarks>If the plugin is <see cref="IAsyncDisposable"/>, it is disposed once, after its last channel has closed.</remarks>
public interface IClientPlugin
{
    /// <summary>
    /// Called once, before the page can connect and before anything is joined. Register what the page may ask and which channels
    /// to keep open, then return. Faults are treated as in <see cref="IServerPlugin.StartAsync"/>.
    /// </summary>
    /// <param name="context">Lent for the plugin's whole life.</param>
    /// <param name="cancellationToken">Ends when the start takes too long or the program stops.</param>
    Task StartAsync(IClientContext context, CancellationToken cancellationToken);
}
