using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LanCollab.Contracts;

namespace LanCollab.Host.Bridge;

/// <summary>
/// Writes text messages as pages have them:
/// <code>{"plugin":"poll","type":"ok","id":7,"body":{…}}</code>
/// </summary>
internal static class BridgeMessages
{
    /// <summary>The plugin name under which the shell itself speaks.</summary>
    public const string Shell = "shell";

    /// <summary>The answer when a plugin has thrown what it should not: its details are for the log.</summary>
    public static UserErrorException Internal { get; } = new("internal", "Something went wrong in the program; its log has the details.");

    /// <summary>An event.</summary>
    public static byte[] Event(string plugin, string type, object message, JsonTypeInfo json) =>
        Write(plugin, type, null, writer => JsonSerializer.Serialize(writer, message, json));

    /// <summary>A reply; null stands for an empty body.</summary>
    public static byte[] Ok(string plugin, long id, object? reply, JsonTypeInfo? json) => Write(plugin, "ok", id, writer =>
    {
        if (reply is not null && json is not null) JsonSerializer.Serialize(writer, reply, json);
        else { writer.WriteStartObject(); writer.WriteEndObject(); }
    });

    /// <summary>A refusal; without an id it comes from the shell and belongs to no request.</summary>
    public static byte[] Error(string plugin, long? id, UserErrorException refusal) => Write(plugin, "error", id, writer => WriteError(writer, refusal));

    /// <summary>The body of a refusal alone, as HTTP answers have it.</summary>
    public static byte[] ErrorBody(UserErrorException refusal) => Build(writer => WriteError(writer, refusal));

    /// <summary>The shell's first message: which number each lane has, and the plugins.</summary>
    public static byte[] Hello(string instance, IEnumerable<BridgeLane> lanes, IReadOnlyList<PagePluginEntry> plugins) => Write(Shell, "hello", null, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("instance", instance);
        writer.WriteStartObject("lanes");
        foreach (BridgeLane lane in lanes) writer.WriteNumber(lane.Name, lane.Number);
        writer.WriteEndObject();
        WritePlugins(writer, plugins);
        writer.WriteEndObject();
    });

    /// <summary>The plugins again, after the state of one has changed.</summary>
    public static byte[] Plugins(IReadOnlyList<PagePluginEntry> plugins) => Write(Shell, "plugins", null, writer =>
    {
        writer.WriteStartObject();
        WritePlugins(writer, plugins);
        writer.WriteEndObject();
    });

    private static void WritePlugins(Utf8JsonWriter writer, IReadOnlyList<PagePluginEntry> plugins)
    {
        writer.WritePropertyName("plugins");
        JsonSerializer.Serialize(writer, plugins, PageJson.Default.IReadOnlyListPagePluginEntry);
    }

    private static void WriteError(Utf8JsonWriter writer, UserErrorException refusal)
    {
        writer.WriteStartObject();
        writer.WriteString("code", refusal.Code);
        writer.WriteString("message", refusal.Message);
        if (refusal.RetryAfter is { } wait) writer.WriteNumber("retryAfterMs", (long)Math.Ceiling(wait.TotalMilliseconds));
        writer.WriteEndObject();
    }

    private static byte[] Write(string plugin, string type, long? id, Action<Utf8JsonWriter> body) => Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("plugin", plugin);
        writer.WriteString("type", type);
        if (id is { } number) writer.WriteNumber("id", number);
        writer.WritePropertyName("body");
        body(writer);
        writer.WriteEndObject();
    });

    private static byte[] Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
