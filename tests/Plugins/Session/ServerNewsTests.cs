using LanCollab.Plugins.Session;
using LanCollab.Tests.Support;
using OpenCvSharp;

namespace LanCollab.Tests.Plugins.Session;

/// <summary>What a page learns of servers.</summary>
public class ServerNewsTests : DoorTestBase
{
    private static readonly FoundServer Bridge = new("Bridge", "10.0.0.7:5870", "AB12", 2, ServerTrust.New, "lancollab://10.0.0.7:5870/#fp=AB12");

    [Fact]
    public async Task What_is_found_reaches_the_page_as_it_happens()
    {
        TestClientContext bob = await StartAsync();
        var before = await bob.Page.RequestAsync<ServerList>(new ListServers());
        Assert.Equal((SearchState.Off, 0), (before.Search.State, before.Found.Count));
        bob.Link.Found.Show(new SearchReport(SearchState.Found, []), Bridge);
        ServerList news = await bob.Page.WaitAsync<ServerList>();
        Assert.Equal([Bridge], news.Found);
        await bob.Page.RequestAsync<ServerList>(new SearchServers());
        Assert.Equal(1, bob.Link.Found.Searches);
    }

    [Fact]
    public async Task An_invitation_needs_a_room_and_carries_its_name()
    {
        TestClientContext bob = await StartAsync();
        await RefusedAsync("not-joined", bob.Page.RequestAsync(new Invite()));
        bob.Link.Invitation = new Invitation("10.0.0.7:5870", Bridge.Link, OnlyHere: false);
        var card = await bob.Page.RequestAsync<InvitationCard>(new Invite("Engine room"));
        Assert.Equal(Bridge.Link + "&room=Engine%20room", card.Link);
        Assert.Equal(card.Link, Read(card.Code));
    }

    private async Task<TestClientContext> StartAsync()
    {
        TestClientContext client = Hub.NewClient();
        await client.StartAsync(new SessionClient(client.Link, Hub.Log, new NoWallClock(Hub.Time)));
        return client;
    }

    /// <summary>Reads a code as a camera does: eight pixels a module, and a quiet zone of four modules.</summary>
    private static string Read(IReadOnlyList<string> code)
    {
        using var modules = new Mat(code.Count, code.Count, MatType.CV_8UC1);
        for (int y = 0; y < code.Count; y++)
            for (int x = 0; x < code.Count; x++) modules.Set(y, x, code[y][x] == '1' ? (byte)0 : (byte)255);
        using var large = new Mat();
        Cv2.Resize(modules, large, new Size(), 8, 8, InterpolationFlags.Nearest);
        using var framed = new Mat();
        Cv2.CopyMakeBorder(large, framed, 32, 32, 32, 32, BorderTypes.Constant, Scalar.White);
        using var detector = new QRCodeDetector();
        return detector.DetectAndDecode(framed, out _);
    }
}
