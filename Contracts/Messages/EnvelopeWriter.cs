using System.Buffers;
using System.Text.Json;

namespace LanCollab.Contracts;

/// <summary>Writes the outside of a message, around a body that its user writes: one for each thread, used again and again, since every line and its acknowledgement pass through here.</summary>
internal sealed class EnvelopeWriter
{
    /// <summary>What has grown beyond this for a long message is given up after it.</summary>
    private const int KeptSize = 64 * 1024;

    [ThreadStatic]
    private static EnvelopeWriter? _own;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private EnvelopeWriter() => Json = new Utf8JsonWriter(_buffer);

    /// <summary>For the body: one value, before <see cref="End"/>.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Begins a message. Whatever this thread had begun before and not ended, because its body could not be written, is forgotten.</summary>
    public static EnvelopeWriter Begin(string type, long? id)
    {
        EnvelopeWriter own = _own ??= new EnvelopeWriter();
        own._buffer.ResetWrittenCount();
        own.Json.Reset();
        own.Json.WriteStartObject();
        own.Json.WriteString("type"u8, type);
        if (id is { } number) own.Json.WriteNumber("id"u8, number);
        own.Json.WritePropertyName("body"u8);
        return own;
    }

    /// <summary>All of it.</summary>
    public byte[] End()
    {
        Json.WriteEndObject();
        Json.Flush();
        if (_buffer.Capacity > KeptSize) _own = null;
        return _buffer.WrittenSpan.ToArray();
    }
}
