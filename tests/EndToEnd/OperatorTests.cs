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

    [Fact]
    public async Task An_edited_configuration_changes_a_limit_while_the_server_runs_and_names_what_waits()
    {
        using var config = new TempFolder();
        File.Copy(Repository.In("artifacts/lancollab/config/nlog.config"), config["nlog.config"]);
        string file = config["appsettings.json"];
        await File.WriteAllTextAsync(file, "{}");
        await using Meeting meeting = await Meeting.StartAsync("--config=" + config.Path);
        string log = meeting.Folder["server/logs/server.log"];

        await File.WriteAllTextAsync(file, """{"Server":{"MinFrameRate":2048,"MaxHandshakes":0}}""");
        await WaitAsync(log, "Server:MaxHandshakes = \"0\" cannot be used; allowed: 1 to 100000.");
        await File.WriteAllTextAsync(file, """{"Server":{"MinFrameRate":4096,"AdminPort":1,"Bind":"::1"}}""");
        await WaitAsync(log, "Server:MinFrameRate has changed to \"4096\" and is in effect");
        Assert.DoesNotContain("2048", await LogFile.ReadAsync(log));
        // What the command line says is not changed by a file.
        Assert.DoesNotContain("Server:Bind", await LogFile.ReadAsync(log));
        await File.WriteAllTextAsync(file, """{"Server":{"MinFrameRate":4096},"Plugins":{"Directory":"elsewhere"}}""");
        await WaitAsync(log, "Plugins:Directory takes effect after a restart");
    }

    [Fact]
    public async Task The_servers_password_and_a_rooms_size_change_while_people_are_in()
    {
        using var config = new TempFolder();
        File.Copy(Repository.In("artifacts/lancollab/config/nlog.config"), config["nlog.config"]);
        string file = config["appsettings.json"];
        await File.WriteAllTextAsync(file, """{"Plugins":{"Session":{"Password":"old"}}}""");
        await using Meeting meeting = await Meeting.StartAsync("--config=" + config.Path);
        string log = meeting.Folder["server/logs/server.log"];
        ClientProcess ada = await meeting.StartClientAsync("Ada"), ben = await meeting.StartClientAsync("Ben");
        await ada.JoinAsync(meeting.Server.Address, password: "old");

        await File.WriteAllTextAsync(file, """{"Plugins":{"Session":{"Password":"new","MaxMembers":1}}}""");
        await WaitAsync(log, "Plugins:Session:MaxMembers has changed");
        Assert.Equal("wrong-password", await CodeAsync(() => ben.JoinAsync(meeting.Server.Address, "other", "old")));
        Assert.Equal("room-full", await CodeAsync(() => ben.JoinAsync(meeting.Server.Address, password: "new")));
        await File.WriteAllTextAsync(file, """{"Plugins":{"Session":{"Password":"new"}}}""");
        await WaitAsync(log, "Plugins:Session:MaxMembers has changed to the default");
        await ben.JoinAsync(meeting.Server.Address, password: "new");
        await ada.Bridge.WaitAsync("session", "member.joined", _ => true);
        Assert.DoesNotContain("\"new\"", await LogFile.ReadAsync(log));
    }

    [Fact]
    public async Task Two_servers_do_not_share_a_data_folder()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        await using AppProcess second = AppProcess.Start("second", ServerProcess.Arguments(meeting.Folder["server"]));
        Assert.Equal(4, await second.WaitExitAsync());
        Assert.Contains(meeting.Folder["server"], second.Output);
        Assert.Contains("Server:DataDirectory", second.Output);
        // One that was killed leaves nothing behind that would keep the next one out.
        await meeting.Server.Process.KillAsync();
        await using ServerProcess third = await ServerProcess.StartAsync(meeting.Folder["server"]);
    }

    [Fact]
    public async Task A_plugin_that_hangs_at_the_end_does_not_hold_the_program()
    {
        using var plugins = new PluginFolder();
        plugins.Drop(Repository.In("artifacts/samples/Stuck/LanCollab.Plugins.Stuck.dll"));
        await using Meeting meeting = await Meeting.StartAsync("--Plugins:Directory=" + plugins.Path);
        Assert.Equal(1, await meeting.Server.Process.StopAsync());
        Assert.Contains("left behind", meeting.Server.Process.Output);
        Assert.Contains("Plugin stuck: its end did not end in time", await LogFile.ReadAsync(meeting.Folder["server/logs/server.log"]));
    }

    private static async Task<string> CodeAsync(Func<Task> refused) => (await Assert.ThrowsAsync<UserErrorException>(refused)).Code;

    private static Task WaitAsync(string log, string text) => LogFile.WaitAsync(log, Regex.Escape(text));

    private static double Value(string text, string series) =>
        double.Parse(Regex.Match(text, $"^{Regex.Escape(series)} (.+)$", RegexOptions.Multiline).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
}
