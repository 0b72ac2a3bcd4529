using System.ComponentModel.DataAnnotations;

namespace LanCollab.Plugins.Media;

internal sealed partial class MediaOptions
{
    /// <summary>The port of pictures (UDP).</summary>
    [Range(0, 65535)] public int VideoPort { get; set; } = 5875;

    /// <summary>Where this person's picture comes from. A file or a device starts by itself; <c>browser</c> waits for the page's button.</summary>
    [RegularExpression(Source)] public string Camera { get; set; } = "browser";

    /// <summary>Most pictures a second from a file or a device; a slower file keeps its own pace.</summary>
    [Range(15, 30)] public int MaxFps { get; set; } = 30;

    /// <summary>Quality of the daemon's JPEGs. Above 75 a face gets no better, only larger.</summary>
    [Range(10, 95)] public int JpegQuality { get; set; } = 75;
}
