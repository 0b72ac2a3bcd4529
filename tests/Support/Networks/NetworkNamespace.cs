using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LanCollab.Tests.Support.Networks;

/// <summary>A machine of a <see cref="NetworkLab"/>: interfaces, routes and ports of its own.</summary>
public sealed partial class NetworkNamespace(string name)
{
    private const int NetworkKind = 0x40000000; // CLONE_NEWNET

    /// <summary>Its name for <c>ip netns exec</c>.</summary>
    public string Name => name;

    /// <summary>Starts a program in it and becomes that program, so that signals reach it.</summary>
    public IReadOnlyList<string> Launcher => ["ip", "netns", "exec", name];

    /// <summary>Runs <c>ip</c> in it.</summary>
    public Task IpAsync(params IEnumerable<string> arguments) => RunIpAsync(["-n", name, .. arguments]);

    /// <summary>Pulls or plugs an interface.</summary>
    public Task SetUpAsync(string link, bool up) => IpAsync("link", "set", "dev", link, up ? "up" : "down");

    /// <summary>A socket of this machine, in the hands of the test's own process: a socket stays in the namespace in which it was made.</summary>
    public async Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        Socket socket = await Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await socket.ConnectAsync(host, port, cancellationToken);
        return socket;
    }

    /// <summary>One more address for an interface, at once good (an IPv6 one is not asked for on the network first).</summary>
    /// <param name="link">The interface.</param>
    /// <param name="address">With its prefix length.</param>
    public Task AddAddressAsync(string link, string address) => IpAsync(["address", "add", address, "dev", link, .. address.Contains(':') ? ["nodad"] : (string[])[]]);

    internal async Task RenameAsync(string before, string after, string? address)
    {
        await IpAsync("link", "set", "dev", before, "name", after);
        if (address is not null) await IpAsync("address", "add", address, "dev", after, "broadcast", "+");
        await IpAsync("link", "set", "dev", after, "up");
    }

    /// <summary>On a thread that goes for a moment into the namespace, and comes back.</summary>
    private Socket Make()
    {
        using var own = File.OpenHandle("/proc/thread-self/ns/net");
        using var other = File.OpenHandle($"/run/netns/{name}");
        Enter(other);
        try { return new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp); }
        finally { Enter(own); }
    }

    private static void Enter(SafeHandle handle)
    {
        if (setns(handle, NetworkKind) != 0) throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeHandle handle, int kind);

    /// <summary>Runs <c>ip</c> on this machine.</summary>
    internal static async Task RunIpAsync(params IEnumerable<string> arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        string said = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        if (ip.ExitCode != 0) throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {said.Trim()}");
    }
}
