using System.Net;

namespace LanCollab.Tests.Host.Bridge;

public sealed class AuthTests
{
    [Fact]
    public async Task The_key_is_exchanged_for_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        await using var bridge = await RunningBridge.StartAsync();
        using HttpResponseMessage response = await PostAsync(bridge, RunningBridge.Key);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Equal($"lancollab_{bridge.Port}={RunningBridge.Key}; path=/; samesite=strict; httponly", cookie);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData(RunningBridge.Key + " ")]
    public async Task A_wrong_key_gets_no_cookie(string key)
    {
        await using var bridge = await RunningBridge.StartAsync();
        using HttpResponseMessage response = await PostAsync(bridge, key);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_key_of_a_megabyte_is_not_read()
    {
        await using var bridge = await RunningBridge.StartAsync();
        using HttpResponseMessage response = await PostAsync(bridge, new string('k', 1 << 20));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Every_launch_has_its_own_long_key()
    {
        using var folder = new Support.TempFolder();
        File.WriteAllText(folder["index.html"], "");
        HashSet<string> fragments = [];
        for (int i = 0; i < 3; i++)
        {
            await using var server = new LanCollab.Host.Bridge.BridgeServer(new(0, folder.Path), new Support.TestLog(), TimeProvider.System);
            fragments.Add((await server.StartAsync(CancellationToken.None)).Fragment);
        }
        Assert.Equal(3, fragments.Count);
        Assert.All(fragments, fragment => Assert.Matches("^#key=[A-Za-z0-9_-]{43}$", fragment));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/shell.js")]
    [InlineData("/plugins.json")]
    [InlineData("/nothing")]
    public async Task Every_answer_forbids_what_a_page_does_not_need(string path)
    {
        await using var bridge = await RunningBridge.StartAsync();
        using HttpClient client = bridge.Stranger();
        using HttpResponseMessage response = await client.GetAsync(path);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_key_is_in_no_line_of_the_log()
    {
        await using var bridge = await RunningBridge.StartAsync();
        (await PostAsync(bridge, RunningBridge.Key)).Dispose();
        (await PostAsync(bridge, RunningBridge.Key + "x")).Dispose();
        using HttpClient client = bridge.Script();
        await client.GetStringAsync("/plugins.json");
        Assert.DoesNotContain(bridge.Log.Lines.All, line => line.ToString().Contains(RunningBridge.Key, StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningBridge bridge, string key)
    {
        using HttpClient client = bridge.Stranger();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth") { Content = new StringContent(key) };
        request.Headers.Add("Origin", $"http://localhost:{bridge.Port}");
        return await client.SendAsync(request);
    }
}
