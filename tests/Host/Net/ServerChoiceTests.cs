using System.Net;
using LanCollab.Host.Configuration;
using LanCollab.Host.Net;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Net;

/// <summary>What <c>auto</c> stands for.</summary>
public sealed class ServerChoiceTests : IDisposable
{
    private static readonly SearchReport Report = new(SearchState.Found, []);
    private readonly TempFolder _folder = new();
    private readonly TestServerFinder _finder = new();
    private readonly KnownServers _known;

    public ServerChoiceTests() => _known = new KnownServers(_folder.Path, new TestLog());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_anything_it_is_this_machine_and_a_search_is_begun()
    {
        Assert.Equal("localhost:5870", await ResolveAsync(Choice()));
        Assert.Equal("localhost", Choice().Default);
        Assert.Equal(1, _finder.Searches);
    }

    [Fact]
    public async Task The_one_that_is_found_goes_before_the_one_used_last()
    {
        _known.Use("10.0.0.9:5870", Fingerprint('9'));
        Assert.Equal("10.0.0.9:5870", await ResolveAsync(Choice()));
        _finder.Show(Report, Server("10.0.0.1", '1'));
        Assert.Equal("10.0.0.1:5870", await ResolveAsync(Choice()));
        Assert.Equal("10.0.0.1:5870", Choice().Default);
    }

    [Fact]
    public async Task Of_several_it_is_the_one_used_last_and_of_strangers_none()
    {
        _finder.Show(Report, Server("10.0.0.1", '1'), Server("10.0.0.2", '2'), Server("10.0.0.3", '3'));
        Assert.Equal("localhost:5870", await ResolveAsync(Choice()));
        _known.Use("10.0.0.3:5870", Fingerprint('3'));
        _known.Use("10.0.0.22:5870", Fingerprint('2'));
        Assert.Equal("10.0.0.2:5870", await ResolveAsync(Choice()));
    }

    [Fact]
    public async Task One_that_contradicts_its_pin_is_not_chosen()
    {
        _finder.Show(Report, Server("10.0.0.1", '1') with { Trust = ServerTrust.Changed });
        Assert.Equal("localhost:5870", await ResolveAsync(Choice()));
    }

    [Fact]
    public async Task Once_it_has_led_into_a_room_it_follows_that_server_and_no_other()
    {
        ServerChoice choice = Choice();
        choice.Stay(new(new ServerAddress("10.0.0.1", 5870), Fingerprint('1')));
        _finder.Show(Report, Server("10.0.0.2", '2'));
        Assert.Equal("10.0.0.1:5870", await ResolveAsync(choice));
        _finder.Show(Report, Server("10.0.0.2", '2'), Server("10.0.0.7", '1'));
        Assert.Equal("10.0.0.7:5870", await ResolveAsync(choice));
    }

    [Fact]
    public async Task It_waits_for_the_first_search()
    {
        var searched = new TaskCompletionSource();
        var choice = new ServerChoice(new ClientOptions(), _known, _finder, searched.Task);
        Task<string> resolving = ResolveAsync(choice);
        Assert.False(resolving.IsCompleted);
        _finder.Show(Report, Server("10.0.0.1", '1'));
        searched.SetResult();
        Assert.Equal("10.0.0.1:5870", await resolving);
    }

    [Fact]
    public async Task A_setting_that_names_a_server_is_kept_to()
    {
        _finder.Show(Report, Server("10.0.0.1", '1'));
        var choice = new ServerChoice(new ClientOptions { Server = "hub.local" }, _known, _finder, Task.CompletedTask);
        Assert.Equal("hub.local:5870", await ResolveAsync(choice));
        Assert.Equal("hub.local", choice.Default);
    }

    [Theory]
    [InlineData("127.0.0.1", "10.0.0.1:5870", false)]
    [InlineData("10.0.0.5", "hub.local:5870", false)]
    public void An_invitation_names_an_address_that_others_can_dial(string resolved, string address, bool onlyHere)
    {
        _finder.Show(Report, Server("10.0.0.1", '1'));
        Invitation invitation = Inviting.To(new ServerAddress("hub.local", 5870), IPAddress.Parse(resolved), Fingerprint('1'), _finder);
        Assert.Equal(new Invitation(address, $"lancollab://{address}/#fp={Fingerprint('1')}", onlyHere), invitation);
    }

    [Fact]
    public void A_server_that_is_on_this_machine_alone_is_said_to_be() =>
        Assert.True(Inviting.To(new ServerAddress("localhost", 5870), IPAddress.Loopback, Fingerprint('1'), _finder).OnlyHere);

    private ServerChoice Choice() => new(new ClientOptions(), _known, _finder, Task.CompletedTask);

    private static async Task<string> ResolveAsync(ServerChoice choice) =>
        (await choice.ResolveAsync(IServerLink.Auto, 5870, TestContext.Current.CancellationToken)).Address.ToString();

    private static string Fingerprint(char digit) => new(digit, 64);

    private static FoundServer Server(string host, char digit) =>
        new("Hub", $"{host}:5870", Fingerprint(digit), 0, ServerTrust.New, $"lancollab://{host}:5870/#fp={Fingerprint(digit)}");
}
