using LanCollab.Host.Net;
using LanCollab.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Host.Net;

public class KnownServersTests
{
    [Fact]
    public void Pins_survive_a_restart_with_the_last_used_first()
    {
        using var folder = new TempFolder();
        var known = new KnownServers(folder.Path, NullLogger.Instance);
        known.Use("a:1", "AA");
        known.Use("b:1", "BB");
        known.Use("a:1", "AA");
        var again = new KnownServers(folder.Path, NullLogger.Instance);
        Assert.Equal(["a:1", "b:1"], again.All.Select(s => s.Address));
        Assert.Equal("BB", again.FingerprintOf("b:1"));
        Assert.Null(again.FingerprintOf("c:1"));
    }

    [Fact]
    public void A_damaged_file_is_put_aside_and_not_overwritten()
    {
        using var folder = new TempFolder();
        string file = Path.Combine(folder.Path, "known_servers.json");
        File.WriteAllText(file, "{ not json");
        Assert.Empty(new KnownServers(folder.Path, NullLogger.Instance).All);
        Assert.Equal("{ not json", File.ReadAllText(file + ".damaged"));
    }
}
