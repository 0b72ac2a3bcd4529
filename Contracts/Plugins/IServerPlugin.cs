namespace LanCollab.Contracts;

/// <summary>
/// The half of a plugin that runs in the hub. Export it: <c>[Export(typeof(IServerPlugin)), Shared]</c>.
/// A constructor with <c>[ImportingConstructor]</c> may ask for <see cref="Microsoft.Extensions.Logging.ILogger"/>,
/// <see cref="Microsoft.Extensions.Logging.ILoggerFactory"/>, <see cref="TimeProvider"/>,
/// and for what other plugins export of these contracts, as <c>Lazy&lt;ISessions&gt;</c>.
/// </summary>
/// <remarks>If the plugin is <see cref="IAsyncDisposable"/>, it is disposed once, after its last channel has closed.</remarks>
public interface IServerPlugin
{
    /// <summary>
    /// Called once, before any port is open. Map services here and return; do not wait for clients.
    /// An exception marks this plugin as failed, with its message as the reason, and leaves the others alone;
    /// only <see cref="ConfigurationErrorException"/> ends the program (exit code 2).
    /// </summary>
    /// <param name="context">Lent for the plugin's whole life.</param>
    /// <param name="cancellationToken">Ends when the start takes too long or the program stops.</param>
    Task StartAsync(IServerContext context, CancellationToken cancellationToken);
}
