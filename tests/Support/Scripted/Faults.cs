using System.Net.Sockets;

namespace LanCollab.Tests.Support.Scripted;

/// <summary>What a client on a bad network has to live with.</summary>
internal static class Faults
{
    /// <summary>Runs something that may end by a broken connection or a refusal; anything else is the test's own mistake and goes on up.</summary>
    public static async Task ToleratedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is IOException or SocketException or UserErrorException or ProtocolErrorException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // The next connection may be better.
        }
    }
}
