using System.Buffers.Text;
using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>What hubs know a machine by.</summary>
public sealed class DeviceSecretTests : IDisposable
{
    private const string One = "9F86D081", Other = "60303AE2";

    private readonly TempFolder _folder = new();
    private readonly TestLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_hub_gets_one_of_its_own_the_same_after_every_start()
    {
        DeviceSecret first = Load(), second = Load();
        Assert.True(DeviceSecret.IsOne(first.For(One)));
        Assert.Equal(first.For(One), second.For(One));
        Assert.NotEqual(first.For(One), first.For(Other));
        Assert.DoesNotContain(first.For(One), File.ReadAllText(_folder["device.seed"]));
    }

    [Fact]
    public void Another_machine_has_others()
    {
        using var elsewhere = new TempFolder();
        Assert.NotEqual(Load().For(One), DeviceSecret.LoadOrCreate(elsewhere.Path, [], _log).For(One));
    }

    [Fact]
    public void Hubs_that_were_known_before_go_on_knowing_the_machine_and_cannot_compute_what_others_get()
    {
        string former = Base64Url.EncodeToString(new byte[32]);
        File.WriteAllText(_folder["device.key"], former);
        DeviceSecret secret = Load(One);
        Assert.Equal(former, secret.For(One));
        Assert.NotEqual(former, secret.For(Other));
        Assert.False(File.Exists(_folder["device.key"]));
        // What is pinned later is no hub of that time.
        Assert.Equal((former, secret.For(Other)), (Load(One, Other).For(One), Load(One, Other).For(Other)));
        Assert.NotEqual(former, File.ReadAllText(_folder["device.seed"]));
    }

    [Fact]
    public void A_change_that_was_broken_off_is_done_again()
    {
        string former = Base64Url.EncodeToString(new byte[32]);
        File.WriteAllText(_folder["device.key"], former);
        DeviceSecret before = Load(One);
        // As if the machine had stopped before the old file was gone.
        File.WriteAllText(_folder["device.key"], former);
        Assert.Equal((before.For(One), before.For(Other)), (Load(Other).For(One), Load(Other).For(Other)));
    }

    [Fact]
    public void A_file_that_holds_something_else_is_told_and_made_anew()
    {
        File.WriteAllText(_folder["device.seed"], "no seed");
        Assert.True(DeviceSecret.IsOne(Load().For(One)));
        Assert.Contains(_log.Lines.All, line => line.Text.Contains("device.seed"));
    }

    [Fact]
    public void Only_the_owner_reads_the_files()
    {
        File.WriteAllText(_folder["device.key"], Base64Url.EncodeToString(new byte[32]));
        Load(One);
        foreach (string file in (string[])["device.seed", "device.former"])
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_folder[file]) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private DeviceSecret Load(params string[] pinned) => DeviceSecret.LoadOrCreate(_folder.Path, pinned, _log);
}
