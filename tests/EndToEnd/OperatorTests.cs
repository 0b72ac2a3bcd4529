using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

/// <summary>What the operator sees of a real server.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class OperatorTests
{
    [Fact]
    public async Task Metrics_and_health_of_a_meeting_can_be_scraped()
    {
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Screen:Enabled=false");
        ClientProcess ada = await meeting.JoinAsync("Ada");
        await ada.Bridge.RequestAsync("chat", "say", new { text = new string('x', 5000) });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{meeting.Server.Port("admin", "http")}") };

        JsonElement health = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("/healthz"));
        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(["disabled", "running"], health.GetProperty("plugins").EnumerateArray().Select(p => p.GetProperty("state").GetString()).Distinct().Order());

        string text = await http.GetStringAsync("/metrics");
        Assert.InRange(Value(text, "lancollab_channels_open{service=\"chat\"}"), 1, 2);
        Assert.InRange(Value(text, "lancollab_received_bytes_total{service=\"chat\"}"), 5000, 20_000);
        Assert.InRange(Value(text, "lancollab_handshakes_total{service=\"session\",result=\"accepted\"}"), 1, 10);
        Assert.Equal(1, Value(text, "lancollab_plugin_state{plugin=\"screen\",state=\"disabled\"}"));
        Assert.True(Value(text, "process_cpu_seconds_total") > 0 && Value(text, "lancollab_uptime_seconds") > 0);
    }

    [Fact]
    public async Task A_plugin_that_failed_makes_health_503()
    {
        using var plugins = new PluginFolder();
        plugins.Drop(Repository.In("artifacts/samples/Throwing/LanCollab.Plugins.Throwing.dll"));
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Directory=" + plugins.Path);
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.GetAsync($"http://localhost:{meeting.Server.Port("admin", "http")}/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("This server half cannot be made.", await answer.Content.ReadAsStringAsync());
    }

    private static double Value(string text, string series) =>
        double.Parse(Regex.Match(text, $"^{Regex.Escape(series)} (.+)$", RegexOptions.Multiline).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
}
