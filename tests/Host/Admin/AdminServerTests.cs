using System.Net;
using System.Net.Sockets;
using LanCollab.Host.Admin;
using LanCollab.Host.Metrics;
using LanCollab.Host.Net;
using LanCollab.Tests.Host.Bridge;
using Microsoft.Extensions.Logging.Abstractions;

namespace LanCollab.Tests.Host.Admin;

public sealed class AdminServerTests : IAsyncLifetime
{
    private readonly MetricSet _metrics = new(NullLogger.Instance);
    private readonly List<PluginState> _plugins = [new("poll", PluginState.Running), new("left", PluginState.Disabled)];
    private readonly LimitTally _limits = new();
    private readonly ServiceTally _stream = new("poll");
    private readonly DatagramTally _datagrams = new("voice");
    private AdminServer _server = null!;
    private int _port;

    public async ValueTask InitializeAsync()
    {
        new ShellMetrics([_stream], [_datagrams], _limits, () => _plugins).AddTo(_metrics);
        ProcessMetrics.AddTo(_metrics, TimeProvider.System);
        _server = new AdminServer(_metrics, () => _plugins, NullLoggerFactory.Instance, TimeProvider.System);
        _port = await _server.StartAsync(0, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Figures_come_in_the_text_format_of_Prometheus()
    {
        _stream.Channels.Add();
        _stream.BytesIn.Add(1234);
        _stream.Refused.Add();
        _datagrams.Replayed.Add(3);
        _limits.FrameRate.Add();
        using HttpResponseMessage answer = await GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        string text = await answer.Content.ReadAsStringAsync();
        foreach (string line in (string[])[
            "lancollab_channels_open{service=\"poll\"} 1", "lancollab_received_bytes_total{service=\"poll\"} 1234",
            "lancollab_handshakes_total{service=\"poll\",result=\"refused\"} 1", "lancollab_datagrams_refused_total{service=\"voice\",reason=\"replayed\"} 3",
            "lancollab_limits_hit_total{limit=\"frame_rate\"} 1", "lancollab_plugin_state{plugin=\"left\",state=\"disabled\"} 1"])
            Assert.Contains(line + "\n", text);
        foreach (string name in (string[])["process_cpu_seconds_total", "process_resident_memory_bytes", "dotnet_gc_heap_size_bytes", "lancollab_uptime_seconds", "lancollab_build_info{version="])
            Assert.Contains("\n" + name, text);
    }

    [Fact]
    public async Task Every_line_is_a_comment_or_a_sample_and_each_metric_stands_together()
    {
        string[] lines = (await (await GetAsync("/metrics")).Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? -?[0-9.eE+-]+)$""", line));
        string[] typed = [.. lines.Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).Select(l => l.Split(' ')[2])];
        Assert.Equal(typed.Distinct(), typed);
    }

    [Fact]
    public async Task Health_names_the_plugins_and_is_503_once_one_has_failed()
    {
        using HttpResponseMessage well = await GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
        Assert.Contains("""{"name":"poll","state":"running"},{"name":"left","state":"disabled"}""", await well.Content.ReadAsStringAsync());
        _plugins[0] = new PluginState("poll", PluginState.Failed, "It broke.");
        using HttpResponseMessage ill = await GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ill.StatusCode);
        Assert.Contains("""{"name":"poll","state":"failed","reason":"It broke."}""", await ill.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/metrics", "localhost:{0}", null, null, 200)]
    [InlineData("GET", "/healthz", "127.0.0.1:{0}", null, null, 200)]
    [InlineData("HEAD", "/healthz", "[::1]:{0}", null, null, 200)]
    [InlineData("GET", "/metrics", "evil.example:{0}", null, null, 421)]
    [InlineData("GET", "/metrics", "localhost", null, null, 421)]
    [InlineData("GET", "/metrics", "localhost:1", null, null, 421)]
    [InlineData("GET", "/metrics", null, null, null, 400)]
    [InlineData("GET", "/metrics", "localhost:{0}", "http://evil.example", null, 403)]
    [InlineData("GET", "/metrics", "localhost:{0}", "null", null, 403)]
    [InlineData("GET", "/metrics", "localhost:{0}", null, "cross-site", 403)]
    [InlineData("GET", "/metrics", "localhost:{0}", null, "same-site", 403)]
    [InlineData("GET", "/metrics", "localhost:{0}", null, "none", 200)]
    [InlineData("POST", "/metrics", "localhost:{0}", null, null, 405)]
    [InlineData("GET", "/", "localhost:{0}", null, null, 404)]
    [InlineData("GET", "/metrics/../etc", "localhost:{0}", null, null, 404)]
    public async Task Only_this_machine_asks_and_only_for_these(string method, string path, string? host, string? origin, string? site, int expected)
    {
        List<(string, string)> headers = [];
        if (host is not null) headers.Add(("Host", string.Format(host, _port)));
        if (origin is not null) headers.Add(("Origin", origin));
        if (site is not null) headers.Add(("Sec-Fetch-Site", site));
        Assert.Equal(expected, await RawHttp.StatusAsync(_port, method, path, headers));
    }

    [Fact]
    public async Task It_listens_on_loopback_only_and_a_port_in_use_is_named()
    {
        await using var second = new AdminServer(_metrics, () => _plugins, NullLoggerFactory.Instance, TimeProvider.System);
        var error = await Assert.ThrowsAsync<PortInUseException>(() => second.StartAsync(_port, CancellationToken.None));
        Assert.Contains($"127.0.0.1:{_port}", error.Message);
        Assert.Contains("Server:AdminPort", error.Message);
        IPAddress? own = Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork).FirstOrDefault(a => !IPAddress.IsLoopback(a));
        Assert.SkipWhen(own is null, "this machine has no address but loopback");
        using var client = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(() => client.ConnectAsync(own!, _port));
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var client = new HttpClient();
        return await client.GetAsync($"http://127.0.0.1:{_port}{path}");
    }
}
