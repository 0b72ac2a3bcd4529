using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace LanCollab.Host.Discovery;

/// <summary>The machine's own interfaces and sockets.</summary>
internal sealed class SystemNetwork : INetwork, IDisposable
{
    /// <summary>Names that bridges, tunnels and virtual machines have; ones of real hardware never begin like that.</summary>
    private static readonly string[] VirtualNames =
        ["docker", "br-", "veth", "virbr", "vmnet", "vbox", "vnet", "lxc", "lxd", "podman", "cni", "tun", "tap", "wg", "zt", "tailscale", "utun", "vEthernet", "dummy"];

    private readonly bool _loopback;

    /// <param name="loopback">Whether the loopback interface counts as one.</param>
    public SystemNetwork(bool loopback)
    {
        _loopback = loopback;
        NetworkChange.NetworkAddressChanged += OnChanged;
        NetworkChange.NetworkAvailabilityChanged += OnChanged;
    }

    public event Action? Changed;

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnChanged;
    }

    public IReadOnlyList<NetworkLink> Links()
    {
        var links = new List<NetworkLink>();
        try
        {
            foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
                if (IsUsable(candidate) && Describe(candidate) is { Addresses.Count: > 0 } link) links.Add(link);
        }
        catch (NetworkInformationException)
        {
            // The list changed while it was read; it is read again in a second.
        }
        return links;
    }

    public IDiscoverySocket Listen(AddressFamily family, int port) => DiscoverySocket.Listen(family, port);

    public IDiscoverySocket Open(NetworkLink link, LinkAddress address) => DiscoverySocket.Open(link, address);

    // Tunnels and the like do not know whether they are up: "unknown" is as good as it gets.
    private bool IsUsable(NetworkInterface candidate) =>
        candidate.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        && (_loopback || candidate.NetworkInterfaceType != NetworkInterfaceType.Loopback);

    private static NetworkLink? Describe(NetworkInterface candidate)
    {
        IPInterfaceProperties properties = candidate.GetIPProperties();
        if (Index(properties) is not { } index) return null;
        LinkAddress[] addresses = [.. properties.UnicastAddresses.Where(a => IsOfUse(a.Address)).Select(a => new LinkAddress(a.Address, a.PrefixLength))];
        bool loopback = candidate.NetworkInterfaceType == NetworkInterfaceType.Loopback;
        return new NetworkLink(index, candidate.Name, loopback, VirtualNames.Any(v => candidate.Name.StartsWith(v, StringComparison.OrdinalIgnoreCase)), addresses);
    }

    private static bool IsOfUse(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv6LinkLocal || address.Equals(IPAddress.IPv6Loopback);

    private static int? Index(IPInterfaceProperties properties)
    {
        try
        {
            return properties.GetIPv4Properties()?.Index ?? properties.GetIPv6Properties().Index;
        }
        catch (NetworkInformationException)
        {
            // Neither family, or gone in this moment.
            return null;
        }
    }

    private void OnChanged(object? sender, EventArgs e) => Changed?.Invoke();
}
