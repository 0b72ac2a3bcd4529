using System.Text.Json;
using LanCollab.Tests.Support.Networks;

namespace LanCollab.Tests.Support.Processes;

/// <summary>A real client daemon and a script on its bridge.</summary>
public sealed class ClientProcess : IAsyncDisposable
{
    private ClientProcess(string name, AppProcess process, string ui, BridgeClient bridge) => (Name, Process, Ui, Bridge) = (name, process, ui, bridge);

    /// <summary>The person.</summary>
    public string Name { get; }

    /// <summary>The process.</summary>
    public AppProcess Process { get; }

    /// <summary>The page's address, key included.</summary>
    public string Ui { get; }

    /// <summary>The bridge.</summary>
    public BridgeClient Bridge { get; }

    /// <summary>The seat's id after a join.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Starts one, in no room, and connects to its bridge.</summary>
    public static Task<ClientProcess> StartAsync(string name, string data, params IEnumerable<string> more) => StartInAsync(null, name, data, more);

    /// <summary>As <see cref="StartAsync(string, string, IEnumerable{string})"/>, on a machine of a <see cref="NetworkLab"/>; null: on this one.</summary>
    public static Task<ClientProcess> StartInAsync(NetworkNamespace? machine, string name, string data, params IEnumerable<string> more) =>
        StartAsync(machine, machine?.Launcher ?? [], name, data, more);

    /// <summary>As <see cref="StartAsync(string, string, IEnumerable{string})"/>, started by another program, such as <c>env</c>.</summary>
    public static Task<ClientProcess> StartByAsync(IReadOnlyList<string> launcher, string name, string data, params IEnumerable<string> more) =>
        StartAsync(null, launcher, name, data, more);

    private static async Task<ClientProcess> StartAsync(NetworkNamespace? machine, IReadOnlyList<string> launcher, string name, string data, IEnumerable<string> more)
    {
        AppProcess process = AppProcess.Start(name,
        [
            "--role", "client", $"--Client:DataDirectory={data}", "--Client:UiPort=0", "--Client:OpenBrowser=false", .. more,
        ], launcher);
        try
        {
            string line = await process.WaitLineAsync("UI: ");
            string ui = line[(line.IndexOf("UI: ", StringComparison.Ordinal) + 4)..].Trim();
            return new ClientProcess(name, process, ui, await BridgeClient.ConnectAsync(ui, machine));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Joins a room; gives the body of the reply.</summary>
    public async Task<JsonElement> JoinAsync(string server, string room = "room", string? password = null)
    {
        JsonElement joined = await Bridge.RequestAsync("session", "join", new { server, room, name = Name, password });
        Id = joined.GetProperty("self").GetProperty("id").GetString()!;
        return joined;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Bridge.DisposeAsync();
        await Process.DisposeAsync();
    }
}
