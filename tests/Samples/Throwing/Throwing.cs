using System.Composition;
using LanCollab.Contracts;

[assembly: Plugin("throwing")]

namespace LanCollab.Plugins.Throwing;

/// <summary>Throws when it is made.</summary>
[Export(typeof(IServerPlugin)), Shared]
public sealed class ThrowingServer : IServerPlugin
{
    /// <summary>Never succeeds.</summary>
    public ThrowingServer() => throw new InvalidOperationException("This server half cannot be made.");

    /// <inheritdoc />
    public Task StartAsync(IServerContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Throws when it is made.</summary>
[Export(typeof(IClientPlugin)), Shared]
public sealed class ThrowingClient : IClientPlugin
{
    /// <summary>Never succeeds.</summary>
    public ThrowingClient() => throw new InvalidOperationException("This client half cannot be made.");

    /// <inheritdoc />
    public Task StartAsync(IClientContext context, CancellationToken cancellationToken) => Task.CompletedTask;
}
