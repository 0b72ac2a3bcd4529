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

    /// <summary>At most 1280x720.</summary>
    Hd = 2,

    /// <summary>Nothing: only as a wish.</summary>
    None = 3,
}

/// <summary>Why a viewer gets a source as it does.</summary>
[JsonConverter(typeof(WordConverter<VideoReason>))]
internal enum VideoReason : byte
{
    /// <summary>Because of the height it is shown in.</summary>
    Wish,

    /// <summary>More people have cameras on than are sent; these have not spoken lately.</summary>
    LastN,

    /// <summary>The viewer's link, or the page that decodes, does not take more.</summary>
    Link,

    /// <summary>The hub is under high load.</summary>
    Load,
}

/// <summary>What is short on the hub.</summary>
[JsonConverter(typeof(WordConverter<LoadCause>))]
internal enum LoadCause : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its processors.</summary>
    Cpu,

    /// <summary>The operating system does not take packets as fast as they are sent.</summary>
    SendQueue,

    /// <summary>Its timers come late.</summary>
    Delay,
}

/// <summary>An enum as a lower-case word; numbers are refused, since they could be none of the values.</summary>
internal sealed class WordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
