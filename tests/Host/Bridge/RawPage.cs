using System.Net.WebSockets;
using System.Text;
using LanCollab.Tests.Support;

namespace LanCollab.Tests.Host.Bridge;

/// <summary>A WebSocket whose every message the test reads itself: nothing is read that the test does not ask for.</summary>
internal static class RawPage
{
    /// <summary>Connects and reads the hello.</summary>
    public static async Task<ClientWebSocket> ConnectAsync(RunningBridge bridge)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {RunningBridge.Key}");
        await socket.ConnectAsync(new Uri($"ws://localhost:{bridge.Port}/bridge"), CancellationToken.None);
        await socket.ReceiveTextAsync();
        return socket;
    }

    public static Task SendTextAsync(this ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None).AsTask();

    public static Task SendBytesAsync(this ClientWebSocket socket, params byte[] bytes) =>
        socket.SendAsync(bytes.AsMemory(), WebSocketMessageType.Binary, true, CancellationToken.None).AsTask();

    public static async Task<string> ReceiveTextAsync(this ClientWebSocket socket)
    {
        (WebSocketMessageType type, byte[] bytes) = await socket.ReceiveMessageAsync();
        Assert.Equal(WebSocketMessageType.Text, type);
        return Encoding.UTF8.GetString(bytes);
    }

    public static async Task<WebSocketCloseStatus?> ReceiveCloseAsync(this ClientWebSocket socket)
    {
        while ((await socket.ReceiveMessageAsync()).Type != WebSocketMessageType.Close) { }
        return socket.CloseStatus;
    }

    public static async Task<(WebSocketMessageType Type, byte[] Bytes)> ReceiveMessageAsync(this ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Recorded<int>.Patience);
        using var message = new MemoryStream();
        byte[] part = new byte[64 * 1024];
        while (true)
        {
            WebSocketReceiveResult got = await socket.ReceiveAsync(part, patience.Token);
            message.Write(part, 0, got.Count);
            if (got.EndOfMessage) return (got.MessageType, message.ToArray());
        }
    }
}
