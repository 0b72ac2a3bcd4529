using System.Text.Json;
using System.Text.Json.Serialization;

namespace LanCollab.Plugins.Media.Video;

/// <summary>How frames are coded.</summary>
[JsonConverter(typeof(WordConverter<VideoCodec>))]
internal enum VideoCodec : byte
{
    /// <summary>Each frame a JPEG file; every frame is a key frame.</summary>
    Jpeg = 0,

    /// <summary>VP8 (RFC 6386), one frame each.</summary>
    Vp8 = 1,
}

/// <summary>One of the sizes in which a camera is sent at the same time.</summary>
[JsonConverter(typeof(WordConverter<VideoLayer>))]
internal enum VideoLayer : byte
{
    /// <summary>At most 640x360.</summary>
    Large = 0,

    /// <summary>At most 320x180.</summary>
    Small = 1,

    /// <summary>Nothing: only as a wish.</summary>
    None = 2,
}

/// <summary>An enum as a lower-case word; numbers are refused, since they could be none of the values.</summary>
internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
