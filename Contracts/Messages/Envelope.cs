using System.Text.Json;

namespace LanCollab.Contracts;

/// <summary>
/// The outside of a JSON message; its body is not parsed yet.
/// <code>{"type":"chat/say","id":7,"body":{…}}</code>
/// </summary>
/// <param name="Type">The message's name, or <c>ok</c> or <c>error</c>.</param>
/// <param name="Plugin">On the bridge only: the plugin.</param>
/// <param name="Id">There in requests and replies.</param>
/// <param name="Body">UTF-8 JSON within the frame; empty when there is none.</param>
public readonly record struct Envelope(string Type, string? Plugin, long? Id, ReadOnlyMemory<byte> Body)
{
    private static readonly JsonReaderOptions Limits = new() { MaxDepth = 16 };

    /// <summary>What came last on this thread: most messages are of few types, and a channel's are mostly of one.</summary>
    [ThreadStatic]
    private static string? _lastType;

    /// <summary>Reads the outside. Fields it does not know are skipped.</summary>
    /// <exception cref="ProtocolErrorException">No JSON object, no type, or fields of the wrong kind.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> frame)
    {
        try
        {
            return Parse(frame);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ProtocolErrorException("A message is not the JSON object it should be.", e);
        }
    }

    private static Envelope Parse(ReadOnlyMemory<byte> frame)
    {
        var reader = new Utf8JsonReader(frame.Span, Limits);
        string? type = null, plugin = null;
        long? id = null;
        ReadOnlyMemory<byte> body = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("no object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) { reader.Read(); type = TypeOf(ref reader); }
            else if (reader.ValueTextEquals("plugin"u8)) { reader.Read(); plugin = reader.GetString(); }
            else if (reader.ValueTextEquals("id"u8)) { reader.Read(); id = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64(); }
            else if (reader.ValueTextEquals("body"u8)) body = Slice(ref reader, frame);
            else { reader.Read(); reader.Skip(); }
        }
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read()) throw new JsonException("not one object");
        return new Envelope(type ?? throw new JsonException("no type"), plugin, id, body);
    }

    private static string? TypeOf(ref Utf8JsonReader reader) =>
        _lastType is { } last && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(last) ? last : _lastType = reader.GetString();

    private static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> frame)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return frame[start..(int)reader.BytesConsumed];
    }
}
