using System.Net.Sockets;

namespace LanCollab.Tests.Support.Scripted;

/// <summary>What a client on a bad network has to live with.</summary>
internal static class Faults
{
    /// <summary>Runs something that may end by a broken connection or a refusal, and says by what; anything else is the test's own mistake and goes on up.</summary>
    public static async Task<string> ToleratedAsync(Func<Task> work)
    {
        try
        {
            await work();
            return "closed";
        }
        catch (Exception e) when (e is IOException or SocketException or UserErrorException or ProtocolErrorException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // The next connection may be better.
            return e is UserErrorException { Code: var code } ? $"{code}: {e.Message}" : $"{e.GetType().Name}: {e.Message}";
        }
    }
}
