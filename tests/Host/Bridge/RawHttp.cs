using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LanCollab.Tests.Host.Bridge;

/// <summary>Sends requests byte by byte as they are written: a well-behaved client would not send most of them.</summary>
internal static class RawHttp
{
    /// <summary>The status of the answer.</summary>
    public static async Task<int> StatusAsync(int port, string method, string path, IEnumerable<(string Name, string Value)> headers, string body = "")
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port);
        var text = new StringBuilder($"{method} {path} HTTP/1.1\r\n");
        foreach ((string name, string value) in headers) text.Append($"{name}: {value}\r\n");
        if (body.Length > 0) text.Append($"Content-Length: {body.Length}\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text.Append("\r\n").Append(body).ToString()));
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        string? line = await reader.ReadLineAsync().WaitAsync(Support.Recorded<int>.Patience);
        return int.Parse(line!.Split(' ')[1]);
    }

    /// <summary>The headers that make a request the opening of a WebSocket.</summary>
    public static (string, string)[] Upgrade =>
    [
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
}
