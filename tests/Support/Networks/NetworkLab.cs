
namespace LanCollab.Tests.Support.Networks;

/// <summary>
/// Network namespaces of a test's own (<c>ip netns</c>), joined by veth pairs: machines with as many interfaces as wanted, apart from the machine's own
/// network. Needs root.
/// </summary>
public sealed class NetworkLab : IAsyncDisposable
{
    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly string _prefix = $"lc{Environment.ProcessId}x{Interlocked.Increment(ref _count)}";
    private static int _count;
    private int _pairs;

    /// <summary>Why there can be none on this machine; null: there can.</summary>
    public static string? Obstacle()
    {
        if (!OperatingSystem.IsLinux()) return "network namespaces are Linux's";
        if (!Environment.IsPrivilegedProcess) return "network namespaces need root";
        return new[] { "/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip" }.Any(File.Exists) ? null : "the program ip is missing (package iproute2)";
    }

    /// <summary>Skips the test that calls it where there can be no namespaces, a namespace is refused (a container), or veth is missing.</summary>
    public static async Task<NetworkLab> CreateOrSkipAsync()
    {
        Assert.SkipWhen(Obstacle() is not null, Obstacle() ?? "");
        var lab = new NetworkLab();
        try
        {
            NetworkNamespace probe = await lab.AddAsync("probe");
            await probe.IpAsync("link", "add", "one", "type", "veth", "peer", "name", "other");
            return lab;
        }
        catch (InvalidOperationException e)
        {
            await lab.DisposeAsync();
            Assert.Skip($"network namespaces cannot be made here: {e.Message}");
            throw;
        }
    }

    /// <summary>A machine without a cable.</summary>
    public async Task<NetworkNamespace> AddAsync(string name)
    {
        var made = new NetworkNamespace($"{_prefix}{name}");
        await NetworkNamespace.RunIpAsync("netns", "add", made.Name);
        _namespaces.Add(made);
        await made.IpAsync("link", "set", "lo", "up");
        return made;
    }

    /// <summary>A cable between two machines; both ends are up.</summary>
    /// <param name="left">One machine.</param>
    /// <param name="leftName">Its interface.</param>
    /// <param name="leftAddress">With its prefix length; null: none.</param>
    /// <param name="right">The other machine.</param>
    /// <param name="rightName">Its interface.</param>
    /// <param name="rightAddress">As <paramref name="leftAddress"/>.</param>
    public async Task ConnectAsync(NetworkNamespace left, string leftName, string? leftAddress, NetworkNamespace right, string rightName, string? rightAddress)
    {
        string one = $"{_prefix}l{++_pairs}", other = $"{_prefix}r{_pairs}";
        await NetworkNamespace.RunIpAsync("link", "add", one, "netns", left.Name, "type", "veth", "peer", "name", other, "netns", right.Name);
        await left.RenameAsync(one, leftName, leftAddress);
        await right.RenameAsync(other, rightName, rightAddress);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (NetworkNamespace one in _namespaces) await NetworkNamespace.RunIpAsync("netns", "del", one.Name);
        _namespaces.Clear();
    }
}
