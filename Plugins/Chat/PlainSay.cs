using System.Text.Json;

namespace LanCollab.Plugins.Chat;

/// <summary>Reads a line as daemons send it; see <see cref="LanCollab.Contracts.IQuickMessage{T}"/>.</summary>
internal static class PlainSay
{
    public static Say? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return body.IsEmpty ? null : Parse(body);
        }
        // No JSON, or text that is no Unicode.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Say? Parse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        string? text = null, to = null, key = null, after = null;
        long? reply = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool plain =
                reader.ValueTextEquals("text"u8) ? Take(ref reader, ref text)
                : reader.ValueTextEquals("key"u8) ? Take(ref reader, ref key)
                : reader.ValueTextEquals("after"u8) ? Take(ref reader, ref after)
                : reader.ValueTextEquals("to"u8) ? Take(ref reader, ref to)
                : reader.ValueTextEquals("reply"u8) && Take(ref reader, ref reply);
            if (!plain) return null;
        }
        return reader.TokenType == JsonTokenType.EndObject && !reader.Read() && text is not null ? new Say(text, to, key, reply, after) : null;
    }

    private static bool Take(ref Utf8JsonReader reader, ref string? field)
    {
        if (field is not null || !reader.Read() || reader.TokenType != JsonTokenType.String) return false;
        field = reader.GetString();
        return true;
    }

    private static bool Take(ref Utf8JsonReader reader, ref long? field)
    {
        if (field is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number)) return false;
        field = number;
        return true;
    }
}
