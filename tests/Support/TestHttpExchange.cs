using System.Text;

namespace LanCollab.Tests.Support;

/// <summary>An HTTP request and its response in memory.</summary>
public sealed class TestHttpExchange : IHttpExchange
{
    private readonly MessageSet _messages;
    private readonly Dictionary<string, string> _query = [];
    private readonly Dictionary<string, string> _request;
    private readonly MemoryStream _output = new();

    internal TestHttpExchange(MessageSet messages, string rest, string path, byte[]? body, (string Name, string Value)[] headers)
    {
        _messages = messages;
        Rest = rest;
        Body = new MemoryStream(body ?? []);
        ContentLength = body?.Length;
        _request = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
        foreach (string pair in path.Split('?', 2) is [_, var query] ? query.Split('&') : [])
            _query[pair.Split('=')[0]] = Uri.UnescapeDataString(pair.Split('=', 2)[^1]);
    }

    /// <summary>Set by the plugin; 0 when it never answered.</summary>
    public int Status { get; private set; }

    /// <summary>The response's headers.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The response's body so far.</summary>
    public byte[] Response => _output.ToArray();

    /// <summary>The response's body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Response);

    /// <inheritdoc />
    public string Rest { get; }

    /// <inheritdoc />
    public long? ContentLength { get; }

    /// <inheritdoc />
    public Stream Body { get; }

    /// <inheritdoc />
    public Stream Output => _output;

    /// <inheritdoc />
    public string? Query(string name) => _query.GetValueOrDefault(name);

    /// <inheritdoc />
    public string? Header(string name) => _request.GetValueOrDefault(name);

    /// <inheritdoc />
    public void Respond(int status, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        Status = status;
        foreach (var (name, value) in headers) Headers[name] = value;
    }

    /// <inheritdoc />
    public async Task RespondAsync(object message, CancellationToken cancellationToken)
    {
        if (Status == 0) Respond(200, ("Content-Type", "application/json"));
        await _output.WriteAsync(Envelope.Read(_messages.Encode(message)).Body, cancellationToken);
    }

    internal void Refuse(UserErrorException refusal)
    {
        if (Status != 0) throw new InvalidOperationException("Refused after the response had begun.", refusal);
        Respond(400, ("Content-Type", "application/json"));
        _output.Write(Envelope.Read(MessageSet.EncodeError(1, refusal.Code, refusal.Message)).Body.Span);
    }
}
