using System.Net.Sockets;
using LanCollab.Host.Discovery;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Discovery;

public class FinderTests : DiscoveryTestBase
{
    [Fact]
    public async Task A_server_that_is_there_already_is_found_by_asking()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"), "Bridge", rooms: () => 2);
        await PassAsync(3);
        var (_, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2"));
        await PassAsync(0.1);
        Seen first = await seen.WaitAsync(s => s.Servers.Count > 0);
        FoundServer server = first.Servers.Single();
        Assert.Equal(new FoundServer("Bridge", "10.0.0.1:5870", Fingerprint(0xA1), 2, ServerTrust.New, $"lancollab://10.0.0.1:5870/#fp={Fingerprint(0xA1)}"), server);
        Assert.Equal(SearchState.Found, first.Report.State);
    }

    [Fact]
    public async Task A_server_that_starts_later_is_heard_without_asking()
    {
        var (_, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2"));
        await PassAsync(3);
        await seen.WaitAsync(s => s.Report.State == SearchState.None);
        int asked = Lan.Sent.Count;
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        await PassAsync(0.2);
        await seen.WaitAsync(s => s.Servers.Count == 1);
        Assert.Equal(asked + 2, Lan.Sent.Count);
    }

    [Fact]
    public async Task One_interface_of_three_that_drops_everything_hides_nothing_on_the_others()
    {
        Serve(Lan.Machine().Plug("a", "10.0.1.1").Plug("b", "10.0.2.1").Plug("c", "10.0.3.1"));
        Lan.Dead.Add("a");
        FakeMachine client = Lan.Machine().Plug("a", "10.0.1.2").Plug("b", "10.0.2.2").Plug("c", "10.0.3.2");
        var (finder, seen) = Look(client);
        await PassAsync(0.2);
        await seen.WaitAsync(s => s.Servers.Count > 0);
        await PassAsync(3);
        FoundServer server = finder.Servers.Single();
        Assert.Contains(server.Address, (string[])["10.0.2.1:5870", "10.0.3.1:5870"]);
    }

    [Fact]
    public async Task An_interface_that_comes_up_is_used_at_once_and_one_that_goes_takes_its_servers_along()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        FakeMachine client = Lan.Machine();
        var (finder, seen) = Look(client);
        await PassAsync(3);
        Assert.Equal("no-interface", finder.Report.Findings.Single().Code);
        client.Plug("office", "10.0.0.2");
        client.Tell();
        await PassAsync(0.1);
        await seen.WaitAsync(s => s.Servers.Count == 1);
        client.Unplug("office");
        await PassAsync(1.1);
        await seen.WaitAsync(s => s.Servers.Count == 0 && s.Report.Findings.Any(f => f.Code == "no-interface"));
        seen.Clear();
        client.Plug("office", "10.0.0.9");
        // The system does not tell every change: the look each second finds it.
        await PassAsync(1.2);
        await seen.WaitAsync(s => s.Servers.Count == 1);
    }

    [Fact]
    public async Task A_server_on_several_interfaces_is_one_row_with_the_address_of_real_hardware()
    {
        Serve(Lan.Machine().Plug("vm", "172.17.0.1").Plug("office", "10.0.0.1"));
        await PassAsync(3);
        var (finder, seen) = Look(Lan.Machine().Plug("vm", "172.17.0.2", name: "docker0", isVirtual: true).Plug("office", "10.0.0.2"));
        await PassAsync(0.1);
        await seen.WaitAsync(s => s.Servers is [{ Address: "10.0.0.1:5870" }]);
        await PassAsync(3);
        Assert.Single(finder.Servers);
    }

    [Fact]
    public async Task Heard_by_ipv6_a_server_for_ipv4_is_dialled_by_the_ipv4_address_that_it_names()
    {
        Lan.DropsIPv4 = true;
        Serve(Lan.Machine().Plug("office", "10.0.0.1", ipv6: "fe80::1"));
        var (_, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2", ipv6: "fe80::2"));
        await PassAsync(0.2);
        await seen.WaitAsync(s => s.Servers is [{ Address: "10.0.0.1:5870" }]);
    }

    [Fact]
    public async Task Heard_by_ipv6_a_server_for_both_is_dialled_by_ipv6()
    {
        Serve(Lan.Machine().Plug("office", "fe80::1", 64), bind: "::");
        var (_, seen) = Look(Lan.Machine().Plug("office", "fe80::2", 64));
        await PassAsync(0.2);
        await seen.WaitAsync(s => s.Servers is [{ Address: "[fe80::1%1]:5870" }]);
    }

    [Fact]
    public async Task Nobody_is_sent_to_an_address_that_is_no_neighbour()
    {
        Lan.DropsIPv4 = true;
        FakeMachine liar = Lan.Machine().Plug("office", "fe80::66", 64), client = Lan.Machine().Plug("office", "10.0.0.2", ipv6: "fe80::2");
        var (finder, seen) = Look(client);
        Forge(new ServerFacts(1, 5870, 0, 75, 1, Dialable.IPv4, System.Net.IPAddress.Parse("198.51.100.1"), new byte[32], "Liar"));
        Forge(new ServerFacts(1, 5870, 0, 75, 1, Dialable.IPv6, System.Net.IPAddress.Any, [.. new byte[31], 1], "Honest"));
        await seen.WaitAsync(s => s.Servers is [{ Name: "Honest" }]);
        Assert.Single(finder.Servers);

        void Forge(ServerFacts facts) => liar.Forge("office", new(System.Net.IPAddress.Parse("fe80::66"), 4000), new(DiscoveryGroups.IPv6, 5869),
            DiscoveryLayout.Write(DiscoveryKind.Announcement, 0, facts));
    }

    [Fact]
    public async Task A_server_that_stops_says_goodbye_and_one_that_was_killed_is_dropped_after_two_searches()
    {
        Announcer polite = Serve(Lan.Machine().Plug("office", "10.0.0.1"), digit: 1);
        Serve(Lan.Machine().Plug("rack", "10.0.0.3"), digit: 2);
        FakeMachine client = Lan.Machine().Plug("office", "10.0.0.2").Plug("rack", "10.0.0.4");
        var (finder, seen) = Look(client);
        await PassAsync(3);
        await seen.WaitAsync(s => s.Servers.Count == 2);
        await polite.DisposeAsync();
        await seen.WaitAsync(s => s.Servers is [{ Address: "10.0.0.3:5870" }]);
        Lan.Dead.Add("rack");
        for (int search = 0; search < 2; search++)
        {
            finder.Search();
            await PassAsync(3);
        }
        await seen.WaitAsync(s => s.Servers.Count == 0);
    }

    [Fact]
    public async Task An_announcement_holds_for_75_seconds()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        var (finder, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2"));
        await PassAsync(3);
        await seen.WaitAsync(s => s.Servers.Count == 1);
        Lan.Dead.Add("office");
        await PassAsync(70);
        Assert.Single(finder.Servers);
        await PassAsync(12);
        Assert.Empty(finder.Servers);
    }

    [Fact]
    public async Task A_restarted_server_is_the_same_row_with_its_new_address()
    {
        FakeMachine before = Lan.Machine().Plug("office", "10.0.0.1");
        Announcer first = Serve(before, "Hub");
        var (finder, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2"));
        await PassAsync(0.2);
        await seen.WaitAsync(s => s.Servers is [{ Address: "10.0.0.1:5870" }]);
        before.Unplug("office");
        Serve(Lan.Machine().Plug("office", "10.0.0.5"), "Hub again");
        await PassAsync(0.2);
        await seen.WaitAsync(s => s.Servers is [{ Address: "10.0.0.5:5870", Name: "Hub again" }]);
        Assert.Single(finder.Servers);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_pin_stands_above_what_is_announced()
    {
        Known.Use("10.0.0.1:5870", Fingerprint(0xEE));
        Known.Use("10.0.0.3:5870", Fingerprint(0x33));
        Serve(Lan.Machine().Plug("office", "10.0.0.1"), "Impostor", digit: 0xA1);
        Serve(Lan.Machine().Plug("office", "10.0.0.4"), "Moved", digit: 0x33);
        var (_, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2"));
        await PassAsync(0.2);
        Seen both = await seen.WaitAsync(s => s.Servers.Count == 2);
        Assert.Equal(("Moved", ServerTrust.Known, null), (both.Servers[0].Name, both.Servers[0].Trust, both.Servers[0].Warning));
        Assert.Equal(("Impostor", ServerTrust.Changed), (both.Servers[1].Name, both.Servers[1].Trust));
        Assert.NotNull(both.Servers[1].Warning);
    }

    [Fact]
    public async Task With_nobody_there_it_says_which_networks_were_asked_and_what_often_is_wrong()
    {
        var (finder, _) = Look(Lan.Machine().Plug("office", "10.0.0.2").Plug("rack", "10.0.1.2"));
        Assert.Equal(SearchState.Searching, finder.Report.State);
        await PassAsync(3);
        Assert.Equal(SearchState.None, finder.Report.State);
        Assert.Equal(["no-answer", "hint-server", "hint-subnet", "hint-isolation", "hint-firewall"], finder.Report.Findings.Select(f => f.Code));
        Assert.Contains("eth1 (10.0.0.2/24), eth2 (10.0.1.2/24)", finder.Report.Findings[0].Message);
        Assert.Contains("5869", finder.Report.Findings[^1].Message);
    }

    [Fact]
    public async Task An_interface_that_cannot_send_is_named_with_the_systems_reason()
    {
        FakeMachine client = Lan.Machine().Plug("office", "10.0.0.2").Plug("rack", "10.0.1.2");
        client.SendErrors["eth1"] = SocketError.AccessDenied;
        client.SendErrors["eth2"] = SocketError.NetworkUnreachable;
        var (finder, _) = Look(client);
        await PassAsync(3);
        SearchFinding[] failed = [.. finder.Report.Findings.Where(f => f.Code == "send-failed")];
        Assert.Equal(["eth1", "eth2"], failed.Select(f => f.Interface));
        Assert.Contains("firewall", failed[0].Message);
        Assert.Contains("unreachable", failed[1].Message);
        Assert.DoesNotContain(finder.Report.Findings, f => f.Code == "no-answer");
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_told_and_answers_come_all_the_same()
    {
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        await PassAsync(3);
        FakeMachine client = Lan.Machine().Plug("office", "10.0.0.2");
        client.PortTaken = true;
        var (finder, seen) = Look(client);
        await PassAsync(0.1);
        await seen.WaitAsync(s => s.Servers.Count == 1);
        Assert.Equal("port-in-use", finder.Report.Findings.Single().Code);
        client.PortTaken = false;
        await PassAsync(1.1);
        await seen.WaitAsync(s => s.Report.Findings.Count == 0);
    }

    [Fact]
    public async Task The_first_server_settles_the_search_early_and_none_settles_it_at_its_end()
    {
        var (alone, _) = Look(Lan.Machine().Plug("empty", "10.0.9.2"));
        Serve(Lan.Machine().Plug("office", "10.0.0.1"));
        var (finder, seen) = Look(Lan.Machine().Plug("office", "10.0.0.2"));
        await PassAsync(0.3);
        await seen.WaitAsync(s => s.Servers.Count == 1);
        await PassAsync(0.3);
        Assert.True(finder.Settled.IsCompleted);
        Assert.False(alone.Settled.IsCompleted);
        await PassAsync(2.2);
        Assert.True(alone.Settled.IsCompleted);
    }

    [Fact]
    public async Task More_forged_servers_than_there_is_room_for_do_not_grow_the_list()
    {
        FakeMachine client = Lan.Machine().Plug("office", "10.0.0.2");
        var (finder, seen) = Look(client);
        for (int i = 0; i < 500; i++)
        {
            byte[] fingerprint = new byte[32];
            BitConverter.TryWriteBytes(fingerprint, i);
            var facts = new ServerFacts((ulong)i, 5870, 0, 75, 1, Dialable.IPv4, System.Net.IPAddress.Any, fingerprint, "x");
            client.Forge("office", new(System.Net.IPAddress.Parse("10.0.0.66"), 4000), new(DiscoveryGroups.IPv4, 5869), DiscoveryLayout.Write(DiscoveryKind.Announcement, 0, facts));
        }
        await seen.WaitAsync(s => s.Servers.Count == FoundServers.MostServers);
        Assert.Equal(FoundServers.MostServers, finder.Servers.Count);
    }
}
