using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LanCollab.Contracts;

/// <summary>
/// All messages of one plugin: names, types and their JSON. An envelope is
/// <c>{"type":"chat/say","id":7,"body":{…}}</c>; <c>id</c> is there in requests and in their replies,
/// whose type is <c>ok</c> (body: the reply) or <c>error</c> (body: <c>code</c>, <c>message</c>, <c>retryAfterMs?</c>). Unknown fields are ignored.
/// </summary>
public sealed class MessageSet
{
    /// <summary>JSON as the wire has it; give it to the plugin's <see cref="JsonSerializerContext"/>.</summary>
    public static JsonSerializerOptions WireOptions { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 16,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly FrozenDictionary<string, JsonTypeInfo> _byName;
    private readonly FrozenDictionary<Type, (string Name, JsonTypeInfo Json)> _byType;
    private readonly FrozenDictionary<Type, QuickReader> _quick;

    private delegate object? QuickReader(ReadOnlySpan<byte> body);

    private MessageSet(IReadOnlyList<(string Name, JsonTypeInfo Json)> messages)
    {
        _byName = messages.ToFrozenDictionary(m => m.Name, m => m.Json, StringComparer.Ordinal);
        _byType = messages.ToFrozenDictionary(m => m.Json.Type);
        _quick = messages.Select(m => m.Json.Type).Where(IsQuick).ToFrozenDictionary(type => type, QuickReaderOf);
    }

    private static bool IsQuick(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IQuickMessage<>));

    private static QuickReader QuickReaderOf(Type type) =>
        typeof(MessageSet).GetMethod(nameof(ReadQuickly), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).CreateDelegate<QuickReader>();

    private static object? ReadQuickly<T>(ReadOnlySpan<byte> body) where T : class, IQuickMessage<T> => T.ReadPlain(body);

    /// <summary>Every type of an assembly that carries <see cref="MessageAttribute"/>.</summary>
    /// <param name="assembly">The plugin.</param>
    /// <param name="json">Its source-generated JSON, made with <see cref="WireOptions"/>: <c>new ChatJson(new(MessageSet.WireOptions))</c>.</param>
    /// <exception cref="InvalidOperationException">A message is missing in <paramref name="json"/>, or two have one name.</exception>
    public static MessageSet Of(Assembly assembly, JsonSerializerContext json) => Of(assembly.GetTypes(), json);

    /// <summary>As <see cref="Of(Assembly, JsonSerializerContext)"/>, for an assembly with the messages of several plugins.</summary>
    public static MessageSet Of(IEnumerable<Type> types, JsonSerializerContext json) => new(
    [
        .. from type in types
           let name = type.GetCustomAttribute<MessageAttribute>()?.Name
           where name is not null
           select (name, json.GetTypeInfo(type)
               ?? throw new InvalidOperationException($"{type.Name} is missing in {json.GetType().Name}: add [JsonSerializable(typeof({type.Name}))].")),
    ]);

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The name of a message type.</summary>
    /// <exception cref="InvalidOperationException">The type is no message of this set.</exception>
    public string NameOf(Type type) => Entry(type).Name;

    /// <summary>The JSON of a message type.</summary>
    /// <exception cref="InvalidOperationException">The type is no message of this set.</exception>
    public JsonTypeInfo JsonOf(Type type) => Entry(type).Json;

    /// <summary>Writes an event, or a request when there is an id.</summary>
    public byte[] Encode(object message, long? id = null)
    {
        (string name, JsonTypeInfo json) = Entry(message.GetType());
        EnvelopeWriter envelope = EnvelopeWriter.Begin(name, id);
        JsonSerializer.Serialize(envelope.Json, message, json);
        return envelope.End();
    }

    /// <summary>Writes a reply; null stands for an empty body.</summary>
    public byte[] EncodeReply(long id, object? reply)
    {
        EnvelopeWriter envelope = EnvelopeWriter.Begin("ok", id);
        if (reply is not null) JsonSerializer.Serialize(envelope.Json, reply, Entry(reply.GetType()).Json);
        else
        {
            envelope.Json.WriteStartObject();
            envelope.Json.WriteEndObject();
        }
        return envelope.End();
    }

    /// <summary>Writes a refusal.</summary>
    public static byte[] EncodeError(long id, string code, string message, TimeSpan? retryAfter = null)
    {
        EnvelopeWriter envelope = EnvelopeWriter.Begin("error", id);
        Utf8JsonWriter writer = envelope.Json;
        writer.WriteStartObject();
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        if (retryAfter is { } wait) writer.WriteNumber("retryAfterMs", (long)Math.Ceiling(wait.TotalMilliseconds));
        writer.WriteEndObject();
        return envelope.End();
    }

    /// <summary>Reads a body as a message type.</summary>
    /// <exception cref="UserErrorException"><c>bad-request</c>: a field is missing or of the wrong kind.</exception>
    public object Decode(Type type, ReadOnlySpan<byte> body)
    {
        if (_quick.TryGetValue(type, out QuickReader? quick) && quick(body) is { } plain) return plain;
        (string name, JsonTypeInfo json) = Entry(type);
        try
        {
            return JsonSerializer.Deserialize(body.IsEmpty ? "{}"u8 : body, json)
                ?? throw new UserErrorException("bad-request", $"{name} needs a body.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException("bad-request", $"{name} cannot be read: {Trouble(json, body, e)}.");
        }
    }

    internal Type? TypeOf(string name) => _byName.GetValueOrDefault(name)?.Type;

    private (string Name, JsonTypeInfo Json) Entry(Type type) => _byType.TryGetValue(type, out var entry)
        ? entry
        : throw new InvalidOperationException($"{type.Name} is no message: it needs [Message(\"plugin/type\")].");

    // The serializer's own sentence names our types, which nobody outside knows: name the field instead.
    private static string Trouble(JsonTypeInfo json, ReadOnlySpan<byte> body, JsonException e)
    {
        if (e.Path is { Length: > 2 } path) return $"the field \"{path[2..]}\" is incomplete or of the wrong kind";
        string[] missing = [.. Missing(json, body).Select(field => $"\"{field}\"")];
        return missing.Length switch
        {
            0 => "its body is not the JSON object it should be",
            1 => $"the field {missing[0]} is missing",
            _ => $"the fields {string.Join(", ", missing)} are missing",
        };
    }

    private static string[] Missing(JsonTypeInfo json, ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = WireOptions.MaxDepth });
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return [];
            return [.. json.Properties
                .Where(p => (p.IsRequired || p.AssociatedParameter is { HasDefaultValue: false }) && !root.TryGetProperty(p.Name, out _))
                .Select(p => p.Name)];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
