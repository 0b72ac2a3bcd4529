using LanCollab.Plugins.Files;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Plugins.Files;

/// <summary>What the page hands over: files that go on after it went away, folders, files for one person.</summary>
public class PagePutTests
{
    private const string Key = "00112233445566778899aabbccddeeff";
    private const int Size = 3_000_000, Begun = 2_000_000;

    [Fact]
    public async Task A_file_whose_page_went_away_goes_on_when_it_is_chosen_again()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        byte[] content = FilesMeeting.Bytes(Size);
        Assert.NotEqual(200, (await PutAsync(ada, content[..Begun], 0)).Status);
        UnfinishedPut put = Assert.Single((await ada.Page.WaitAsync<UnfinishedPuts>(puts => puts.Items.Count > 0)).Items);
        Assert.Equal((Key, "plan.pdf", (long)Size, (long)Begun), (put.Key, put.Name, put.Size, put.Done));
        Assert.Empty(meeting.List());

        Assert.Equal(200, (await PutAsync(ada, content[1_500_000..], 1_500_000)).Status);
        Assert.Equal(FilesMeeting.Hash(content), (await ada.Page.WaitAsync<UploadDone>()).Sha256);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(ada.DataDirectory, "spool")));
    }

    [Fact]
    public async Task It_goes_on_after_a_restart_of_the_daemon_too()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        byte[] content = FilesMeeting.Bytes(Size);
        await PutAsync(ada, content[..Begun], 0);
        await ada.DisposeAsync();
        TestClientContext again = await meeting.JoinAsync("Ada", before: ada.DataDirectory);
        Assert.Equal(Begun, Assert.Single((await again.Page.WaitAsync<UnfinishedPuts>()).Items).Done);
        Assert.Equal(200, (await PutAsync(again, content[1_000_000..], 1_000_000)).Status);
        Assert.Equal(FilesMeeting.Hash(content), (await again.Page.WaitAsync<UploadDone>()).Sha256);
    }

    [Fact]
    public async Task Another_file_of_the_same_name_is_refused_and_what_was_begun_can_be_forgotten()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada");
        byte[] content = FilesMeeting.Bytes(Size);
        await PutAsync(ada, content[..Begun], 0);
        Assert.Contains("changed", (await PutAsync(ada, new byte[1_500_000], 1_500_000)).Text);
        Assert.Contains("bad-offset", (await PutAsync(ada, new byte[100], Size - 100)).Text);
        await ada.Page.RequestAsync(new ForgetPut(Key));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(ada.DataDirectory, "spool")));
        Assert.Equal("bad-request", (await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(new ForgetPut("../../transfers")))).Code);
        Assert.Empty(meeting.List());
    }

    [Fact]
    public async Task A_folder_keeps_its_structure_and_nothing_of_it_lies_elsewhere()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        foreach ((string path, string text) in ((string, string)[])[("a.txt", "one"), ("in/b.txt", "two"), ("../../c.txt", "three"), ("in/b.txt", "twice"), ("in/CON", "four")])
            Assert.Equal(200, (await ada.Page.HttpAsync("PUT", $"/files/{path}?folder={Key}", System.Text.Encoding.UTF8.GetBytes(text))).Status);
        await ada.Page.RequestAsync<UploadStarted>(new GatherFolder(Key, "Minutes"));
        SharedFile file = await bob.Page.WaitAsync<SharedFile>();
        Assert.Equal(("Minutes", 5), (file.Name, file.Files));
        await FilesMeeting.DownloadAsync(bob, file.Id);
        string folder = (await bob.Page.WaitAsync<DownloadDone>()).Path;
        string[] paths = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
        Assert.Equal(5, paths.Length);
        Assert.Contains("a.txt", paths);
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(folder, "in", "b.txt"), TestContext.Current.CancellationToken));
        Assert.Equal("twice", await File.ReadAllTextAsync(Path.Combine(folder, "in", "b (2).txt"), TestContext.Current.CancellationToken));
        Assert.Equal("bad-request", (await Assert.ThrowsAsync<UserErrorException>(() => ada.Page.RequestAsync(new GatherFolder("../spool", "x")))).Code);
    }

    [Fact]
    public async Task A_file_of_the_page_is_for_one_person()
    {
        await using FilesMeeting meeting = await FilesMeeting.StartAsync();
        TestClientContext ada = await meeting.JoinAsync("Ada"), bob = await meeting.JoinAsync("Bob");
        await meeting.JoinAsync("Cleo");
        RoomPeople people = await ada.Page.RequestAsync<RoomPeople>(new AskPeople());
        Assert.Equal(["Bob", "Cleo"], people.Items.Select(person => person.Name).Order());
        await ada.Page.HttpAsync("PUT", $"/files/plan.pdf?to={people.Items.Single(person => person.Name == "Bob").Id}", [1, 2, 3]);
        Assert.Equal("Bob", (await bob.Page.WaitAsync<SharedFile>()).To);
    }

    private static Task<TestHttpExchange> PutAsync(TestClientContext client, byte[] body, int offset) =>
        client.Page.HttpAsync("PUT", $"/files/plan.pdf?key={Key}&size={Size}&offset={offset}&modified=1893456000000", body);
}
