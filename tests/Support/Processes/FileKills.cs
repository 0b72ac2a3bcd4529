using System.Security.Cryptography;
using System.Text.Json;

namespace LanCollab.Tests.Support.Processes;

/// <summary>
/// One file after the other goes from one person over the server to another, and somebody on the way is killed (-9) at a random moment of each
/// transfer. Afterwards every file must be there with its hash, and nothing that was acknowledged may have been sent again.
/// </summary>
public sealed class FileKills(TempFolder folder, int seed) : IAsyncDisposable
{
    private const int Size = 24 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Random _random = new(seed);
    private readonly List<string> _story = [$"seed {seed}"];
    private ServerProcess? _server;
    private ClientProcess? _ada, _bob;
    private string[] _ports = [];

    /// <summary>What was done, for messages.</summary>
    public string Story => string.Join('\n', _story);

    /// <summary>How many processes were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Bytes that were acknowledged and yet sent again; must be 0.</summary>
    public long SentAgain { get; private set; }

    /// <summary>The server's folder of the files plugin.</summary>
    public string Store => folder["server/files"];

    /// <summary>Runs until so many processes have been killed.</summary>
    /// <exception cref="InvalidOperationException">A file did not arrive as it was.</exception>
    public async Task RunAsync(int kills)
    {
        await StartServerAsync();
        _ada = await StartClientAsync("Ada");
        _bob = await StartClientAsync("Bob");
        for (int number = 0; Kills < kills; number++) await TransferAsync(number);
    }

    /// <summary>Stops everybody, so that the store can be looked at.</summary>
    public async Task StopAsync()
    {
        await DisposeAsync();
        _server = null;
        _ada = _bob = null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_ada is not null) await _ada.DisposeAsync();
        if (_bob is not null) await _bob.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private async Task TransferAsync(int number)
    {
        byte[] content = new byte[Size - _random.Next(2 << 20)];
        _random.NextBytes(content);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content)), path = folder[$"from/{number}.bin"];
        await File.WriteAllBytesAsync(path, content);
        string id = await UploadAsync(path, content.Length, hash);
        string arrived = await DownloadAsync(id, number, content.Length);
        string got = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(arrived)));
        if (got != hash) throw new InvalidOperationException($"File {number} arrived with another hash.\n{Story}");
        File.Delete(path);
        File.Delete(arrived);
        await AskAsync(_ada!, "withdraw", new { id });
    }

    private async Task<string> UploadAsync(string path, long size, string hash)
    {
        string upload = (await AskAsync(_ada!, "offer", new { path })).GetProperty("upload").GetString()!;
        long at = _random.NextInt64(size);
        JsonElement progress = await ProgressAsync(_ada!, upload, at);
        long acknowledged = progress.GetProperty("done").GetInt64();
        bool uploader = _random.Next(2) == 0;
        _story.Add($"upload {upload} at {acknowledged}: kill of the {(uploader ? "uploader" : "server")}");
        if (uploader) await KillAdaAsync();
        else await KillServerAsync();
        JsonElement done = await UploadedAsync(upload, Path.GetFileName(path));
        if (done.GetProperty("sha256").GetString() != hash) throw new InvalidOperationException($"{path} was stored with another hash.\n{Story}");
        if (done.TryGetProperty("resumedFrom", out JsonElement from) && progress.GetProperty("state").GetString() != "done")
            SentAgain += Math.Max(0, acknowledged - from.GetInt64());
        return done.GetProperty("id").GetString()!;
    }

    /// <summary>The kill may have come between the last acknowledgement and the event: then the file stands on the list, or comes as another's.</summary>
    private Task<JsonElement> UploadedAsync(string upload, string name) => FindAsync(
        _ada!, e => e.Type == "uploaded" && e.Body.GetProperty("upload").GetString() == upload ? e.Body : Listed(e, "name", name));

    /// <summary>An event, or an item of the list that whoever comes back gets instead of events.</summary>
    private static JsonElement? Listed(BridgeEvent e, string key, string value)
    {
        JsonElement[] files = e.Type switch
        {
            "offered" => [e.Body],
            "items" => [.. e.Body.GetProperty("items").EnumerateArray()],
            _ => [],
        };
        return files.Where(file => file.GetProperty(key).GetString() == value).Select(file => (JsonElement?)file).FirstOrDefault();
    }

    private static async Task<JsonElement> FindAsync(ClientProcess person, Func<BridgeEvent, JsonElement?> find) =>
        find(await person.Bridge.Events.WaitAsync(e => e.Plugin == "files" && find(e) is not null, Patience))!.Value;

    private async Task<string> DownloadAsync(string id, int number, long size)
    {
        string target = folder.Folder($"to/{number}");
        await FindAsync(_bob!, e => Listed(e, "id", id));
        await AskAsync(_bob!, "download", new { id, path = target });
        await Task.Delay(_random.Next(60));
        bool downloader = _random.Next(2) == 0;
        _story.Add($"download {id} of {size} bytes: kill of the {(downloader ? "downloader" : "server")}");
        if (downloader) await KillBobAsync();
        else await KillServerAsync();
        if (File.Exists(Path.Combine(target, $"{number}.bin"))) return Path.Combine(target, $"{number}.bin");
        return (await _bob!.Bridge.WaitAsync("files", "downloaded", e => e.GetProperty("id").GetString() == id, Patience)).GetProperty("path").GetString()!;
    }

    /// <summary>Asks, once more when the person is back in the room: the server may have been killed a moment ago.</summary>
    private static async Task<JsonElement> AskAsync(ClientProcess person, string type, object body)
    {
        while (true)
        {
            int seen = person.Bridge.Events.Count;
            try
            {
                return await person.Bridge.RequestAsync("files", type, body);
            }
            catch (UserErrorException e) when (e.Code is "not-joined")
            {
                await person.Bridge.Events.UntilAsync(events => events.Skip(seen).Any(came => came is { Plugin: "files", Type: "items" }), Patience);
            }
        }
    }

    private static async Task<JsonElement> ProgressAsync(ClientProcess person, string id, long at) => await person.Bridge.WaitAsync(
        "files", "progress", e => e.GetProperty("id").GetString() == id && (e.GetProperty("done").GetInt64() >= at || e.GetProperty("state").GetString() == "done"), Patience);

    private async Task KillServerAsync()
    {
        Kills++;
        await _server!.Process.KillAsync();
        await _server.DisposeAsync();
        await StartServerAsync();
    }

    private async Task KillAdaAsync()
    {
        Kills++;
        await _ada!.Process.KillAsync();
        await _ada.DisposeAsync();
        _ada = await StartClientAsync("Ada");
    }

    private async Task KillBobAsync()
    {
        Kills++;
        await _bob!.Process.KillAsync();
        await _bob.DisposeAsync();
        _bob = await StartClientAsync("Bob");
    }

    private async Task StartServerAsync()
    {
        _server = await ServerProcess.StartAsync(folder.Folder("server"), ["--Plugins:Files:MinFreeBytes=0", .. _ports]);
        _ports =
        [
            $"--Plugins:Session:Port={_server.Port("session")}", $"--Plugins:Chat:Port={_server.Port("chat")}", $"--Plugins:Files:Port={_server.Port("files")}",
            $"--Plugins:Screen:Port={_server.Port("screen")}",
        ];
    }

    private async Task<ClientProcess> StartClientAsync(string name)
    {
        ClientProcess client = await ClientProcess.StartAsync(name, folder.Folder(name), "--Plugins:Files:MinFreeBytes=0", $"--Plugins:Files:UploadLimit={Size / 2}");
        await client.JoinAsync(_server!.Address);
        return client;
    }
}
