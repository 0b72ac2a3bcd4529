using System.Net;

namespace LanCollab.Host.Net;

/// <summary>Counts connections that have not said who they are, in all and for each address, so that a flood of them stays outside.</summary>
internal sealed class HandshakeGate(int most, int mostPerAddress)
{
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private int _all;

    /// <summary>False when there are too many; true must be followed by one <see cref="Leave"/>.</summary>
    public bool TryEnter(IPAddress address)
    {
        IPAddress key = Fold(address);
        lock (_perAddress)
        {
            int here = _perAddress.GetValueOrDefault(key);
            if (_all >= most || here >= mostPerAddress) return false;
            _all++;
            _perAddress[key] = here + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        IPAddress key = Fold(address);
        lock (_perAddress)
        {
            _all--;
            if (--_perAddress[key] == 0) _perAddress.Remove(key);
        }
    }

    /// <summary>An IPv4 address that came over an IPv6 socket is the same address.</summary>
    private static IPAddress Fold(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
