using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace LanCollab.Tests.Host.Bridge;

public sealed class HttpTests
{
    private const int Long = 40 << 20; // beyond Kestrel's own limit of 30 MB

    [Fact]
    public async Task A_long_body_streams_in()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.MapHttp("PUT", "/probe/", async (exchange, token) =>
        {
            string hash = Convert.ToHexString(await SHA256.HashDataAsync(exchange.Body, token));
            await exchange.RespondAsync(new Answer($"{exchange.ContentLength} {hash}"), token);
        }));
        byte[] body = RandomNumberGenerator.GetBytes(Long);
        using HttpClient client = bridge.Script();
        using HttpResponseMessage response = await client.PutAsync("/probe/x", new ByteArrayContent(body));
        Assert.Equal($$"""{"that":"{{Long}} {{Convert.ToHexString(SHA256.HashData(body))}}"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_long_body_streams_out_with_status_and_headers()
    {
        byte[] body = RandomNumberGenerator.GetBytes(Long);
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.MapHttp("GET", "/probe/", async (exchange, token) =>
        {
            exchange.Respond(206, ("Content-Type", "application/octet-stream"), ("Content-Range", $"bytes 0-{Long - 1}/{Long}"));
            await exchange.Output.WriteAsync(body, token);
        }));
        using HttpClient client = bridge.Script();
        using HttpResponseMessage response = await client.GetAsync("/probe/x");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Long, response.Content.Headers.ContentRange?.Length);
        Assert.Equal(SHA256.HashData(body), SHA256.HashData(await response.Content.ReadAsByteArrayAsync()));
    }

    [Theory]
    [InlineData("/probe/plain", "plain")]
    [InlineData("/probe/", "")]
    [InlineData("/probe/a%20b%C3%A9", "a bé")]
    [InlineData("/probe/a%2Fb", "a/b")]
    [InlineData("/probe/a%252Fb", "a%2Fb")]
    [InlineData("/probe/a%3Fb?x=1", "a?b")]
    [InlineData("/probe/deep/er", "deep/er")]
    public async Task The_rest_of_the_path_is_unescaped_once(string path, string rest)
    {
        await using var bridge = await RunningBridge.StartAsync(b =>
            b.Probe.MapHttp("GET", "/probe/", (exchange, token) => exchange.RespondAsync(new Answer(exchange.Rest), token)));
        using HttpClient client = bridge.Script();
        string json = await client.GetStringAsync(path);
        Assert.Equal(rest, ((Answer)RunningBridge.Messages.Decode(typeof(Answer), Encoding.UTF8.GetBytes(json))).That);
    }

    [Fact]
    public async Task Query_and_headers_are_there_or_null()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.MapHttp("GET", "/probe/", (exchange, token) => exchange.RespondAsync(
            new Answer($"{exchange.Query("a")}|{exchange.Query("b") ?? "none"}|{exchange.Header("Range")}|{exchange.Header("X-None") ?? "none"}"), token)));
        using HttpClient client = bridge.Script();
        client.DefaultRequestHeaders.Add("Range", "bytes=5-");
        Assert.Equal("""{"that":"1 2|none|bytes=5-|none"}""", await client.GetStringAsync("/probe/x?a=1%202"));
    }

    [Fact]
    public async Task A_refusal_is_status_400_with_its_code()
    {
        await using var bridge = await RunningBridge.StartAsync(b =>
            b.Probe.MapHttp("PUT", "/probe/", (_, _) => throw new UserErrorException("too-long", "It is too long.")));
        using HttpClient client = bridge.Script();
        using HttpResponseMessage response = await client.PutAsync("/probe/x", new StringContent("body"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"code":"too-long","message":"It is too long."}""", await response.Content.ReadAsStringAsync());
        Assert.Empty(bridge.Faults.All);
    }

    [Fact]
    public async Task A_handler_that_throws_is_reported_and_answered_without_its_details()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.MapHttp("GET", "/probe/", (_, _) => throw new InvalidOperationException("inner detail")));
        using HttpClient client = bridge.Script();
        using HttpResponseMessage response = await client.GetAsync("/probe/x");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("inner detail", await response.Content.ReadAsStringAsync());
        Assert.Single(bridge.Faults.All);
    }

    [Fact]
    public async Task A_body_that_breaks_off_does_not_look_whole()
    {
        await using var bridge = await RunningBridge.StartAsync(b => b.Probe.MapHttp("GET", "/probe/", async (exchange, token) =>
        {
            exchange.Respond(200);
            await exchange.Output.WriteAsync(new byte[100_000], token);
            await exchange.Output.FlushAsync(token);
            throw new UserErrorException("withdrawn", "It is no longer there.");
        }));
        using HttpClient client = bridge.Script();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetByteArrayAsync("/probe/x"));
    }

    [Fact]
    public async Task The_longest_prefix_serves_and_another_method_is_told()
    {
        await using var bridge = await RunningBridge.StartAsync(b =>
        {
            b.Probe.MapHttp("GET", "/probe/", (exchange, token) => exchange.RespondAsync(new Answer("short"), token));
            b.Probe.MapHttp("GET", "/probe/long/", (exchange, token) => exchange.RespondAsync(new Answer("long"), token));
        });
        using HttpClient client = bridge.Script();
        Assert.Contains("short", await client.GetStringAsync("/probe/x"));
        Assert.Contains("long", await client.GetStringAsync("/probe/long/x"));
        using HttpResponseMessage response = await client.PutAsync("/probe/x", new StringContent(""));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/plugins/")]
    [InlineData("/bridge/")]
    [InlineData("/auth/")]
    [InlineData("/")]
    [InlineData("probe/")]
    [InlineData("/probe")]
    public async Task The_shells_own_paths_cannot_be_taken(string prefix)
    {
        await using var bridge = await RunningBridge.StartAsync();
        Assert.Throws<InvalidOperationException>(() => bridge.Probe.MapHttp("GET", prefix, (_, _) => Task.CompletedTask));
    }
}
