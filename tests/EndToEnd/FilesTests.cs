using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class FilesTests
{
    private const int Size = 20 * 1024 * 1024, Seed = 3;

    [Fact]
    public async Task A_file_of_20_MiB_arrives_with_the_same_hash()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"), meeting.JoinAsync("Cleo"));
        (string file, string hash) = Make(meeting);
        await people[0].Bridge.RequestAsync("files", "offer", new { path = file });
        foreach (ClientProcess person in people[1..]) await DownloadAsync(meeting, person, hash);
    }

    [Fact]
    public async Task An_upload_that_was_killed_half_way_resumes_at_the_last_acknowledged_byte()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada", $"--Plugins:Files:UploadLimit={Size / 5}");
        ClientProcess bob = await meeting.JoinAsync("Bob");
        (string file, string hash) = Make(meeting);
        await ada.Bridge.RequestAsync("files", "offer", new { path = file });
        long acknowledged = (await ada.Bridge.WaitAsync("files", "progress", e => e.GetProperty("done").GetInt64() >= Size / 2)).GetProperty("done").GetInt64();
        await ada.Process.KillAsync();
        Assert.Empty(bob.Bridge.All("files", "offered"));

        ada = await meeting.RestartAsync(ada);
        JsonElement done = await ada.Bridge.WaitAsync("files", "uploaded");
        Assert.InRange(done.GetProperty("resumedFrom").GetInt64(), acknowledged, Size);
        await DownloadAsync(meeting, bob, hash);
    }

    [Fact]
    public async Task A_page_uploads_and_downloads_by_http()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess[] people = await Task.WhenAll(meeting.JoinAsync("Ada"), meeting.JoinAsync("Bob"));
        // Joined is the session; files are a channel of their own, a moment later.
        await people[0].Bridge.WaitAsync("files", "items", e => e.GetProperty("store").GetString() != "");
        byte[] content = new byte[100_000];
        new Random(Seed).NextBytes(content);
        using (HttpResponseMessage put = await people[0].Bridge.Http.PutAsync("/files/a%20picture.png", new ByteArrayContent(content)))
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        JsonElement offered = await people[1].Bridge.WaitAsync("files", "offered");
        Assert.Equal("a picture.png", offered.GetProperty("name").GetString());
        using HttpResponseMessage got = await people[1].Bridge.Http.GetAsync($"/files/{offered.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.OK, got.StatusCode);
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(content, await got.Content.ReadAsByteArrayAsync());
    }

    private static (string File, string Hash) Make(Meeting meeting)
    {
        byte[] content = new byte[Size];
        new Random(Seed).NextBytes(content);
        string file = meeting.Folder["from/plan.bin"];
        File.WriteAllBytes(file, content);
        return (file, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static async Task DownloadAsync(Meeting meeting, ClientProcess person, string hash)
    {
        JsonElement offered = await person.Bridge.WaitAsync("files", "offered", e => e.GetProperty("name").GetString() == "plan.bin");
        Assert.Equal((Size, hash), (offered.GetProperty("size").GetInt64(), offered.GetProperty("sha256").GetString()));
        string id = offered.GetProperty("id").GetString()!;
        await person.Bridge.RequestAsync("files", "download", new { id, path = meeting.Folder.Folder($"to-{person.Name}") });
        JsonElement done = await person.Bridge.WaitAsync("files", "downloaded", e => e.GetProperty("id").GetString() == id);
        await using FileStream arrived = File.OpenRead(done.GetProperty("path").GetString()!);
        Assert.Equal(hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(arrived)));
    }
}
