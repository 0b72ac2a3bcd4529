using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using LanCollab.Host.Discovery;
using LanCollab.Host.Net;

namespace LanCollab.Host.Roles;

/// <summary>What a person types on the next machine.</summary>
internal static class PrintedInvitation
{
    public static void Print(int? joinPort, IPAddress bind, string fingerprint)
    {
        Console.Out.WriteLine($"fingerprint {fingerprint}");
        if (joinPort is not { } port) return;
        foreach (IPAddress address in Addresses(bind))
            Console.Out.WriteLine($"join from another machine: ./lancollab client --server {new ServerAddress(address.ToString(), port)}");
        foreach (IPAddress address in Addresses(bind))
            Console.Out.WriteLine($"join link: {new JoinLink(new ServerAddress(address.ToString(), port), fingerprint)}");
        Console.Out.Flush();
    }

    private static IEnumerable<IPAddress> Addresses(IPAddress bind)
    {
        if (!bind.Equals(IPAddress.Any) && !bind.Equals(IPAddress.IPv6Any)) return [bind];
        List<IPAddress> all =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .Where(a => a.AddressFamily == AddressFamily.InterNetwork),
        ];
        return all.Count > 0 ? all : [IPAddress.Loopback];
    }
}
