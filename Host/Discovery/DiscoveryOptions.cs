using System.ComponentModel.DataAnnotations;

namespace LanCollab.Host.Discovery;

/// <summary>Section <c>Discovery</c>, the same for server and client.</summary>
internal sealed class DiscoveryOptions
{
    /// <summary>False: the server is silent, the client does not search, no port is opened.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The UDP port that servers and clients of one network agree on.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 5869;

    /// <summary>The loopback interface too, which is left out otherwise: for servers and clients of one machine without a network.</summary>
    public bool Loopback { get; set; }
}
