using System.Net;
using System.Text.Json;
using LanCollab.Host.Bridge;

namespace LanCollab.Tests.Host.Bridge;

public sealed class PluginFilesTests
{
    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/plugins/probe/probe.js", "text/javascript; charset=utf-8")]
    [InlineData("/plugins/probe/parts/one.svg", "image/svg+xml")]
    [InlineData("/plugins/probe/core.wasm", "application/wasm")]
    public async Task A_file_has_its_type_and_is_asked_for_each_time(string path, string type)
    {
        await using var bridge = await RunningBridge.StartAsync();
        using HttpClient client = bridge.Script();
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoCache);
    }

    [Theory]
    [InlineData("/plugins/probe/absent.js")]
    [InlineData("/plugins/probe/notes.txt")] // there, but no part of a page
    [InlineData("/plugins/probe/")]
    [InlineData("/plugins/probe")]
    [InlineData("/plugins/absent/absent.js")]
    [InlineData("/absent")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using var bridge = await RunningBridge.StartAsync();
        using HttpClient client = bridge.Script();
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task The_list_has_all_plugins_in_order_the_failed_ones_with_their_reason()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Server.AddPlugin(new PagePlugin("early", 5, PagePlugin.Failed, "It threw.", _ => null)));
        using HttpClient client = bridge.Script();
        string json = await client.GetStringAsync("/plugins.json");
        Assert.Equal(
            """[{"name":"early","module":null,"style":null,"order":5,"state":"failed","reason":"It threw."},"""
            + """{"name":"probe","module":"/plugins/probe/probe.js","style":null,"order":10,"state":"running","reason":null}]""", json);
    }

    [Fact]
    public async Task A_plugin_that_fails_later_is_told_to_open_pages()
    {
        await using var bridge = await RunningBridge.StartAsync();
        await using var page = await bridge.ConnectAsync();
        bridge.Server.AddPlugin(new PagePlugin("probe", 10, PagePlugin.Failed, "It gave up.", _ => null));
        JsonElement body = await page.WaitAsync("shell", "plugins");
        Assert.Equal("It gave up.", Assert.Single(body.GetProperty("plugins").EnumerateArray()).GetProperty("reason").GetString());
    }
}
