using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace LanCollab.Host.Roles;

/// <summary>A script on a daemon's bridge: one request at a time.</summary>
internal sealed class BridgeScript : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private long _lastId;

    /// <param name="ui">The page's address with its key, as the daemon prints it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<BridgeScript> ConnectAsync(Uri ui, CancellationToken cancellationToken)
    {
        var script = new BridgeScript();
        script._socket.Options.SetRequestHeader("Authorization", "Bearer " + ui.Fragment["#key=".Length..]);
        await script._socket.ConnectAsync(new Uri($"ws://{ui.Authority}/bridge"), cancellationToken).ConfigureAwait(false);
        return script;
    }

    /// <summary>Sends a request and waits for its answer; gives the refusal's sentence, or null.</summary>
    /// <param name="message">plugin/type.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string?> RequestAsync(string message, string body, CancellationToken cancellationToken)
    {
        string[] name = message.Split('/', 2);
        long id = ++_lastId;
        string text = $$"""{"plugin":{{JsonSerializer.Serialize(name[0])}},"type":{{JsonSerializer.Serialize(name[1])}},"id":{{id}},"body":{{body}}}""";
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            using JsonDocument? answer = await ReceiveAsync(cancellationToken).ConfigureAwait(false);
            if (answer is null || !answer.RootElement.TryGetProperty("id", out JsonElement answered) || answered.GetInt64() != id) continue;
            return answer.RootElement.GetProperty("type").GetString() == "error" ? answer.RootElement.GetProperty("body").GetProperty("message").GetString() : null;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The next text message; null for a binary one.</summary>
    private async Task<JsonDocument?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(message.GetMemory(4096), cancellationToken).ConfigureAwait(false);
            message.Advance(part.Count);
        }
        while (!part.EndOfMessage);
        if (part.MessageType == WebSocketMessageType.Close) throw new IOException("The daemon closed the bridge.");
        return part.MessageType == WebSocketMessageType.Text ? JsonDocument.Parse(message.WrittenMemory) : null;
    }
}
