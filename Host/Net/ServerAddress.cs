using System.Globalization;
using System.Net;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>A hub's address as people type it: host, host:port, [IPv6], [IPv6]:port.</summary>
internal readonly record struct ServerAddress(string Host, int Port)
{
    /// <exception cref="UserErrorException"><c>bad-address</c>.</exception>
    public static ServerAddress Parse(string text, int defaultPort)
    {
        string trimmed = text.Trim();
        if (IPAddress.TryParse(trimmed, out IPAddress? bare) && !trimmed.StartsWith('[')) return new(bare.ToString(), defaultPort);
        int colon = trimmed.LastIndexOf(':');
        bool hasPort = colon > trimmed.LastIndexOf(']');
        string host = (hasPort ? trimmed[..colon] : trimmed).Trim('[', ']');
        int port = defaultPort;
        bool portIsFine = !hasPort || (int.TryParse(trimmed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535);
        if (!portIsFine || Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new UserErrorException("bad-address", $"\"{text}\" is no address; use a name or number such as 192.168.1.5, with :port when it is not {defaultPort}.");
        return new(host, port);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
