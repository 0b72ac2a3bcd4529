using System.Text.Json;
using System.Text.Json.Serialization;
using LanCollab.Contracts;

namespace LanCollab.Host.Net;

/// <summary>The first frame from a client: <c>{"version":1,"feature":"poll","token":"…"}</c>; no token on the anonymous service.</summary>
internal sealed record Hello(int Version, string Feature, string? Token = null)
{
    /// <summary>The protocol's major version; another one is refused with a sentence.</summary>
    public const int CurrentVersion = 1;
}

/// <summary>The answer: <c>{"version":1,"pings":true}</c>, or <c>{"version":1,"code":"bad-token","message":"…"}</c> and the end.</summary>
/// <param name="Version">The hub's.</param>
/// <param name="Code">Why not.</param>
/// <param name="Message">The same for a person.</param>
/// <param name="Pings">This hub answers pings; to another one they would be frames of an unknown kind.</param>
internal sealed record Welcome(int Version, string? Code = null, string? Message = null, bool? Pings = null);

[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Welcome))]
internal sealed partial class HelloJson : JsonSerializerContext
{
    private static readonly HelloJson Wire = new(new JsonSerializerOptions(MessageSet.WireOptions));

    public static Frame Encode(Hello hello) => new(FrameKind.Json, JsonSerializer.SerializeToUtf8Bytes(hello, Wire.Hello));

    public static Frame Encode(Welcome welcome) => new(FrameKind.Json, JsonSerializer.SerializeToUtf8Bytes(welcome, Wire.Welcome));

    /// <exception cref="ProtocolErrorException">It is none.</exception>
    public static Hello ReadHello(Frame frame) => Read(frame, Wire.Hello);

    /// <exception cref="ProtocolErrorException">It is none.</exception>
    public static Welcome ReadWelcome(Frame frame) => Read(frame, Wire.Welcome);

    private static T Read<T>(Frame frame, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            if (frame.Kind == FrameKind.Json && JsonSerializer.Deserialize(frame.Payload.Span, type) is { } read) return read;
        }
        catch (JsonException e)
        {
            throw new ProtocolErrorException($"The first frame is no {typeof(T).Name.ToLowerInvariant()}.", e);
        }
        throw new ProtocolErrorException($"The first frame is no {typeof(T).Name.ToLowerInvariant()}.");
    }
}
