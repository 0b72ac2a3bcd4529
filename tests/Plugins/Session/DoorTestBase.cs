using System.Net;
using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>A hub with the plugin's server half, and clients that speak the protocol by hand.</summary>
public abstract class DoorTestBase : IAsyncLifetime
{
    private protected InMemoryHub Hub { get; private set; } = null!;

    private protected SessionServer Server { get; private set; } = null!;

    /// <summary>The plugin's section.</summary>
    private protected virtual Dictionary<string, string?> Settings => [];

    public async ValueTask InitializeAsync()
    {
        Hub = new InMemoryHub(Settings, capacity: 32);
        Server = new SessionServer(Hub.Admissions, Hub.Log, new NoWallClock(Hub.Time));
        await Hub.Server.StartAsync(Server);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Those that were made so far.</summary>
    private protected List<Caller> Callers { get; } = [];

    /// <summary>A connection that has said nothing.</summary>
    private protected Caller Call(string address = "127.0.0.1")
    {
        var caller = new Caller(Hub.Server.Accept("session", null, null, FrameLimits.Block, IPAddress.Parse(address)), Hub);
        Callers.Add(caller);
        return caller;
    }

    private protected async Task<Caller> EnterAsync(string name, string room = "Bridge", string? password = null, int? device = null)
    {
        Caller caller = Call();
        await caller.EnterAsync(name, room, password, device);
        return caller;
    }

    private protected static async Task<UserErrorException> RefusedAsync(string code, Task attempt)
    {
        UserErrorException refusal = await Assert.ThrowsAsync<UserErrorException>(() => attempt);
        Assert.Equal(code, refusal.Code);
        Assert.EndsWith(".", refusal.Message);
        return refusal;
    }

    /// <summary>Moves the clock in steps of the watchdog, as time does.</summary>
    private protected void Advance(double seconds)
    {
        long left = (long)Math.Round(seconds * 1000), tick = (long)SessionServer.Tick.TotalMilliseconds;
        for (; left > 0; left -= tick) Hub.Time.Advance(TimeSpan.FromMilliseconds(Math.Min(tick, left)));
    }
}
