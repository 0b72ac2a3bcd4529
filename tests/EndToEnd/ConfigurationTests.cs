using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LanCollab.Tests.Support;
using LanCollab.Tests.Support.Processes;

namespace LanCollab.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public class ConfigurationTests
{
    [Fact]
    public async Task A_busy_port_ends_the_server_with_3_and_its_name()
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        string port = ((IPEndPoint)busy.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        string output = await FailAsync(3, $"--Plugins:Chat:Port={port}");
        Assert.Contains(port, output);
        Assert.Contains("Chat", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Plugins:Chat:Pord", "1")]
    [InlineData("Server:Bnd", "0.0.0.0")]
    [InlineData("Severs:Bind", "0.0.0.0")]
    public async Task An_unknown_key_ends_the_server_with_2_and_a_sentence(string key, string value) =>
        Assert.Contains(key.Split(':')[^1] == "Bind" ? "Severs" : key, await FailAsync(2, $"--{key}={value}"), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("Plugins:Chat:Port", "65536", "65535")]
    [InlineData("Plugins:Chat:Port", "many", "many")]
    [InlineData("Plugins:Session:MaxMembers", "0", "1000")]
    [InlineData("Server:Bind", "everywhere", "everywhere")]
    public async Task A_value_out_of_range_ends_the_server_with_2_and_what_is_allowed(string key, string value, string said)
    {
        string output = await FailAsync(2, $"--{key}={value}");
        Assert.Contains(key, output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(said, output);
    }

    [Fact]
    public async Task Without_TLS_a_server_stays_on_loopback_and_its_clients_join_it_there()
    {
        string output = await FailAsync(2, "--Server:Tls=false", "--Server:Bind=0.0.0.0");
        Assert.Contains("Server:Tls", output);
        Assert.Contains("loopback", output);
        await using Meeting meeting = await Meeting.StartAsync("--Server:Tls=false");
        ClientProcess ada = await meeting.JoinAsync("Ada", "--Client:Tls=false"), ben = await meeting.JoinAsync("Ben", "--Client:Tls=false");
        await ada.Bridge.RequestAsync("chat", "say", new { text = "in the clear" });
        await ben.Bridge.WaitAsync("chat", "said", e => e.GetProperty("text").GetString() == "in the clear");
    }

    [Fact]
    public async Task A_missing_plugin_folder_is_said_in_a_sentence()
    {
        using var folder = new TempFolder();
        string data = folder.Folder("server");
        await using AppProcess process = AppProcess.Start("server", ["--role", "server", $"--Server:DataDirectory={data}", "--Server:AdminPort=0", "--Plugins:Directory=/nowhere/at/all"]);
        await process.WaitLineAsync("fingerprint ");
        Assert.Equal(0, await process.StopAsync());
        Assert.Contains("/nowhere/at/all", await File.ReadAllTextAsync(Path.Combine(data, "logs", "server.log")));
    }

    [Fact]
    public async Task A_stop_by_SIGTERM_ends_server_and_client_with_0()
    {
        await using Meeting meeting = await Meeting.StartAsync();
        ClientProcess ada = await meeting.JoinAsync("Ada");
        Assert.Equal(0, await ada.Process.StopAsync());
        Assert.Equal(0, await meeting.Server.Process.StopAsync());
    }

    private static async Task<string> FailAsync(int exitCode, params string[] settings)
    {
        using var folder = new TempFolder();
        await using AppProcess process = AppProcess.Start("server", ServerProcess.Arguments(folder.Folder("server"), settings));
        Assert.Equal(exitCode, await process.WaitExitAsync());
        return process.Output;
    }
}
