using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>What a restart of the hub keeps, and what a bad disk does.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly TempFolder _disk = new();
    private readonly List<InMemoryHub> _hubs = [];
    private SessionServer _server = null!;

    private InMemoryHub Hub => _hubs[^1];

    private string File => Path.Combine(_disk.Path, "seats.json");

    public ValueTask InitializeAsync() => new(StartAsync());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _disk.Dispose();
    }

    [Fact]
    public async Task Seats_with_their_rights_outlive_a_restart()
    {
        Caller ada = await EnterAsync("Ada", password: "swordfish"), bob = await EnterAsync("Bob", password: "swordfish");
        await ada.AskAsync(new SetRole(bob.Id, "presenter"));
        await bob.AskAsync(new SetHand(true));
        await ada.AskAsync(new SetRules(Locked: true));
        await RestartAsync();
        Assert.Empty(_server.Members("Bridge"));
        Caller again = await ResumeAsync(bob);
        Assert.Equal((bob.Id, "Bridge"), (again.Id, again.Entered.Room));
        Assert.Equal(new Member(bob.Id, "Bob", "present", "presenter", Muted: false, Hand: 1), Assert.Single(again.Entered.Members));
        Assert.Equal(new RoomRules(Locked: true, Lobby: false, Password: true, 200), again.Entered.Rules);
        Caller first = await ResumeAsync(ada);
        Assert.Equal("moderator", first.Entered.Members.Single(m => m.Id == ada.Id).Role);
    }

    [Fact]
    public async Task A_rooms_password_and_bans_outlive_a_restart()
    {
        Caller ada = await EnterAsync("Ada", password: "swordfish"), eve = await EnterAsync("Eve", password: "swordfish", device: 66);
        await ada.AskAsync(new RemoveMember(eve.Id, Ban: true));
        await RestartAsync();
        Assert.Equal("wrong-password", (await Assert.ThrowsAsync<UserErrorException>(() => EnterAsync("Bob", password: "marlin"))).Code);
        Assert.Equal("banned", (await Assert.ThrowsAsync<UserErrorException>(() => EnterAsync("Eve", password: "swordfish", device: 66))).Code);
        await EnterAsync("Bob", password: "swordfish");
    }

    [Fact]
    public async Task Seats_wait_60_s_from_the_start_and_no_longer()
    {
        Caller ada = await EnterAsync("Ada"), bob = await EnterAsync("Bob");
        await RestartAsync();
        Hub.Time.Advance(TimeSpan.FromSeconds(59));
        await ResumeAsync(ada);
        Hub.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("unknown-seat", (await Assert.ThrowsAsync<UserErrorException>(() => ResumeAsync(bob))).Code);
    }

    [Fact]
    public async Task A_token_used_before_the_restart_is_spent_after_it()
    {
        Caller ada = await EnterAsync("Ada"), second = await ResumeAsync(ada);
        await second.BeatAsync();
        // Whatever is asked for and kept brings the beat's news to the disk, too.
        await second.AskAsync(new SetHand(true));
        await RestartAsync();
        Assert.Equal("replaced", (await Assert.ThrowsAsync<UserErrorException>(() => ResumeAsync(ada))).Code);
        Assert.Equal(ada.Id, (await ResumeAsync(second)).Id);
    }

    [Fact]
    public async Task No_secret_stands_in_the_file_and_only_its_owner_reads_it()
    {
        Caller ada = await EnterAsync("Ada", password: "swordfish", device: 42);
        await StopAsync();
        string text = System.IO.File.ReadAllText(File);
        Assert.Contains("Ada", text);
        foreach (string secret in new[] { "swordfish", ada.Entered.Resume, ada.Entered.Admission.Token, Caller.Device(42) }) Assert.DoesNotContain(secret, text);
        Assert.True(OperatingSystem.IsWindows() || System.IO.File.GetUnixFileMode(File) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await StartAsync();
    }

    [Fact]
    public async Task Any_bit_that_is_wrong_in_the_file_is_noticed_and_the_hub_starts()
    {
        await EnterAsync("Ada");
        await StopAsync();
        byte[] good = System.IO.File.ReadAllBytes(File);
        var log = new TestLog();
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << (at % 8));
            System.IO.File.WriteAllBytes(File, bad);
            Assert.Null(new KeptFile(_disk.Path, log).Load());
            Assert.False(System.IO.File.Exists(File));
        }
        foreach (int length in new[] { 0, 1, 64, 65, good.Length - 1 })
        {
            System.IO.File.WriteAllBytes(File, good[..length]);
            Assert.Null(new KeptFile(_disk.Path, log).Load());
        }
        Assert.Equal(good.Length + 5, log.Lines.All.Count(l => l.Level == LogLevel.Error && l.Text.Contains("damaged")));
        System.IO.File.WriteAllBytes(File, good);
        Assert.NotNull(new KeptFile(_disk.Path, log).Load());
        await StartAsync();
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_told_and_people_come_in_all_the_same()
    {
        await EnterAsync("Ada");
        // A folder in the way of the file that is written beside: as good as a full disk.
        Directory.CreateDirectory(File + ".new");
        Caller bob = await EnterAsync("Bob");
        Assert.Contains(Hub.Log.Lines.All, l => l.Level == LogLevel.Error && l.Text.Contains("cannot be kept"));
        Directory.Delete(File + ".new");
        await bob.AskAsync(new SetHand(true));
        Assert.Contains(Hub.Log.Lines.All, l => l.Text.Contains("kept on the disk again"));
        await RestartAsync();
        Assert.Equal(bob.Id, (await ResumeAsync(bob)).Id);
    }

    private async Task StartAsync()
    {
        _hubs.Add(new InMemoryHub());
        // The hub's data folder is another each time: its disk stays.
        Directory.Delete(Hub.Server.DataDirectory, recursive: true);
        Directory.CreateSymbolicLink(Hub.Server.DataDirectory, _disk.Path);
        _server = new SessionServer(Hub.Admissions, Hub.Log, new NoWallClock(Hub.Time));
        await Hub.Server.StartAsync(_server);
    }

    private async Task StopAsync()
    {
        await Hub.Server.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(Hub.Server.DataDirectory);
        await Hub.DisposeAsync();
    }

    private async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    private async Task<Caller> EnterAsync(string name, string? password = null, int? device = null)
    {
        Caller caller = Call();
        await caller.EnterAsync(name, password: password, device: device);
        return caller;
    }

    private async Task<Caller> ResumeAsync(Caller former)
    {
        Caller caller = Call();
        await caller.ResumeAsync(former);
        return caller;
    }

    private Caller Call() => new(Hub.Server.Accept("session", null, null, FrameLimits.Block, System.Net.IPAddress.Loopback), Hub);
}
