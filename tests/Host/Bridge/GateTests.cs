namespace LanCollab.Tests.Host.Bridge;

/// <summary>Host x origin x credentials x request: only the legal cells pass (RELIABILITY 33).</summary>
public sealed class GateTests
{
    private static readonly string?[] Hosts =
    [
        "localhost:{0}", "127.0.0.1:{0}", "[::1]:{0}", // these three are ours
        null, "", "localhost", "127.0.0.1", "localhost:1", "evil.example", "evil.example:{0}", "localhost.evil.example:{0}", "127.0.0.1.nip.io:{0}",
        "0.0.0.0:{0}", "127.0.0.2:{0}", "localhost.:{0}", "[::]:{0}", "user@localhost:{0}",
    ];

    private static readonly string?[] Origins =
    [
        "http://localhost:{0}", "http://127.0.0.1:{0}", "http://[::1]:{0}", // these three are ours
        null, "null", "", "http://localhost", "http://localhost:1", "https://localhost:{0}", "http://evil.example", "http://evil.example:{0}",
        "http://localhost:{0}.evil.example", "http://localhost:{0}/", "file://", "http://localhost:{0}, http://evil.example",
    ];

    private static readonly string?[] Credentials = [null, "Authorization: Bearer {1}", "Cookie: lancollab_{0}={1}", "Authorization: Bearer wrong", "Cookie: lancollab_{0}=wrong",
        "Cookie: lancollab_1={1}", "Authorization: Basic {1}"];

    private enum Kind { Shell, PluginList, PluginFile, Auth, Put, Socket }

    [Fact]
    public async Task Only_the_legal_cells_of_host_origin_and_credentials_pass()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.MapHttp("PUT", "/probe/", async (x, token) => await x.RespondAsync(new Answer("put"), token)));
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        var cells = from host in Hosts from origin in Origins from credential in Credentials from kind in Enum.GetValues<Kind>() select (host, origin, credential, kind);
        await Parallel.ForEachAsync(cells, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (cell, _) =>
        {
            int status = await SendAsync(bridge.Port, cell.host, cell.origin, cell.credential, cell.kind);
            bool passed = status is 101 or 200 or 204;
            bool refused = status is 400 or 401 or 403 or 421;
            bool legal = IsLegal(cell.host, cell.origin, cell.credential, cell.kind);
            if (legal ? !passed : !refused) wrong.Add($"{cell} legal: {legal}, status {status}");
        });
        Assert.Empty(wrong);
    }

    /// <summary>The rules again, as RELIABILITY A9 and DESIGN 5 say them.</summary>
    private static bool IsLegal(string? host, string? origin, string? credential, Kind kind)
    {
        bool ourHost = Array.IndexOf(Hosts, host) < 3;
        bool ourOrigin = Array.IndexOf(Origins, origin) < 3;
        bool bearer = credential == Credentials[1], key = bearer || credential == Credentials[2];
        bool originRight = ourOrigin || (origin is null && (kind <= Kind.PluginFile || bearer));
        bool keyRight = kind is Kind.Shell or Kind.Auth || key;
        return ourHost && originRight && keyRight;
    }

    private static Task<int> SendAsync(int port, string? host, string? origin, string? credential, Kind kind)
    {
        List<(string, string)> headers = [];
        if (host is not null) headers.Add(("Host", string.Format(host, port)));
        if (origin is not null) headers.Add(("Origin", string.Format(origin, port)));
        if (credential is not null) headers.Add((credential.Split(": ")[0], string.Format(credential.Split(": ")[1], port, RunningBridge.Key)));
        if (kind == Kind.Socket) headers.AddRange(RawHttp.Upgrade);
        return kind switch
        {
            Kind.Shell => RawHttp.StatusAsync(port, "GET", "/shell.js", headers),
            Kind.PluginList => RawHttp.StatusAsync(port, "GET", "/plugins.json", headers),
            Kind.PluginFile => RawHttp.StatusAsync(port, "GET", "/plugins/probe/probe.js", headers),
            Kind.Auth => RawHttp.StatusAsync(port, "POST", "/auth", headers, RunningBridge.Key),
            Kind.Put => RawHttp.StatusAsync(port, "PUT", "/probe/x", headers, "body"),
            _ => RawHttp.StatusAsync(port, "GET", "/bridge", headers),
        };
    }

    [Theory]
    [InlineData("/plugins.json", null, 200)]
    [InlineData("/plugins.json", "same-origin", 200)]
    [InlineData("/plugins.json", "none", 200)]
    [InlineData("/plugins.json", "same-site", 403)] // another port of localhost
    [InlineData("/plugins.json", "cross-site", 403)]
    [InlineData("/plugins.json", "anything", 403)]
    [InlineData("/plugins/probe/probe.js", "cross-site", 403)]
    [InlineData("/", "cross-site", 200)] // a link to the page; it holds nothing
    [InlineData("/shell.js", "cross-site", 200)]
    public async Task Other_sites_get_the_static_shell_at_most(string path, string? site, int expected)
    {
        await using var bridge = await RunningBridge.StartAsync();
        List<(string, string)> headers = [("Host", $"localhost:{bridge.Port}"), ("Cookie", $"lancollab_{bridge.Port}={RunningBridge.Key}")];
        if (site is not null) headers.Add(("Sec-Fetch-Site", site));
        Assert.Equal(expected, await RawHttp.StatusAsync(bridge.Port, "GET", path, headers));
    }

    [Theory]
    [InlineData("GET", "/../secret.js")]
    [InlineData("GET", "/%2e%2e/secret.js")]
    [InlineData("GET", "/..%2fsecret.js")]
    [InlineData("GET", "/types.d.ts")]
    [InlineData("GET", "/shell.js/")]
    [InlineData("GET", "/plugins/probe/../../plugins.json")]
    [InlineData("HEAD", "/plugins.json")]
    [InlineData("OPTIONS", "/plugins.json")]
    [InlineData("POST", "/shell.js")]
    public async Task Without_a_key_nothing_else_is_served(string method, string path)
    {
        await using var bridge = await RunningBridge.StartAsync();
        int status = await RawHttp.StatusAsync(bridge.Port, method, path, [("Host", $"localhost:{bridge.Port}"), ("Origin", $"http://localhost:{bridge.Port}")]);
        Assert.Equal(401, status);
    }
}
