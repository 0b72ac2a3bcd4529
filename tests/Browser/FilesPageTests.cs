using System.Security.Cryptography;
using LanCollab.Tests.Support;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace LanCollab.Tests.Browser;

[Collection(BrowserCollection.Name)]
public class FilesPageTests(BrowserMeeting meeting) : IClassFixture<BrowserMeeting>
{
    private static readonly TimeSpan Patience = Recorded<int>.Patience;

    [Fact]
    public async Task A_folder_chosen_in_one_page_arrives_with_its_structure_for_one_person()
    {
        using var folder = new TempFolder();
        string minutes = folder.Folder("Minutes");
        Directory.CreateDirectory(Path.Combine(minutes, "old"));
        await File.WriteAllTextAsync(Path.Combine(minutes, "new.txt"), "new", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(minutes, "old", "märz.txt"), "old", TestContext.Current.CancellationToken);
        await meeting.Ada.OpenTabAsync("Files");
        await meeting.Ada.Page.GetByText("For everybody").ClickAsync();
        await meeting.Ada.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Bob" }).ClickAsync();
        await meeting.Ada.Page.GetByText("For Bob alone").WaitForAsync();
        await meeting.Ada.Page.Locator(".files-folder-input").SetInputFilesAsync(minutes);

        var offered = await meeting.Bob.Daemon.Bridge.WaitAsync("files", "offered", e => e.GetProperty("name").GetString() == "Minutes", Patience);
        Assert.Equal(("Bob", 2), (offered.GetProperty("to").GetString(), offered.GetProperty("files").GetInt32()));
        string into = folder.Folder("into");
        await meeting.Bob.Daemon.Bridge.RequestAsync("files", "download", new { id = offered.GetProperty("id").GetString(), path = into });
        await meeting.Bob.Daemon.Bridge.WaitAsync("files", "downloaded", e => e.GetProperty("id").GetString() == offered.GetProperty("id").GetString(), Patience);
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(into, "Minutes", "old", "märz.txt"), TestContext.Current.CancellationToken));
        await meeting.Ada.Page.GetByText("For Bob alone").ClickAsync();
        await meeting.Ada.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Everybody" }).ClickAsync();
    }

    [Fact]
    public async Task After_a_reload_the_page_asks_for_the_same_file_and_goes_on()
    {
        using var folder = new TempFolder();
        byte[] content = new byte[12_000_000];
        new Random(5).NextBytes(content);
        string path = Path.Combine(folder.Path, "recording.bin");
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        IPage page = meeting.Ada.Page;
        await meeting.Ada.OpenTabAsync("Files");
        ICDPSession network = await page.Context.NewCDPSessionAsync(page);
        await ThrottleAsync(network, 1_000_000);
        await page.Locator(".files-input").First.SetInputFilesAsync(path);
        await page.Locator(".files-transfer progress[value]:not([value='0'])").First.WaitForAsync();
        await page.ReloadAsync();
        await meeting.Ada.OpenTabAsync("Files");
        await page.GetByText("Choose the same file again, and it goes on from there.").WaitForAsync();
        await ThrottleAsync(network, -1);
        await page.Locator(".files-input").First.SetInputFilesAsync(path);
        var offered = await meeting.Bob.Daemon.Bridge.WaitAsync("files", "offered", e => e.GetProperty("name").GetString() == "recording.bin", Patience);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), offered.GetProperty("sha256").GetString());
        await page.Locator(".files-unfinished").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    private static async Task ThrottleAsync(ICDPSession network, int bytesPerSecond)
    {
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = bytesPerSecond });
    }
}
