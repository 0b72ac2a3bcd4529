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

    /// <summary>So many cameras are sent to a viewer at a time: of those that are displayed, the ones that spoke last.</summary>
    [Range(1, 1000)] public int MaxVideos { get; set; } = 25;

    /// <summary>The widest picture that is passed on and shown, in pixels.</summary>
    [Range(16, 4096)] public int MaxVideoWidth { get; set; } = 1920;

    /// <summary>The highest one.</summary>
    [Range(16, 4096)] public int MaxVideoHeight { get; set; } = 1080;

    /// <summary>Above this share of all its processors (percent) the hub scales video down.</summary>
    [Range(10, 100)] public int HighCpu { get; set; } = 85;

    /// <summary>Likewise, when its timers come later than that, in ms.</summary>
    [Range(5, 1000)] public int HighDelay { get; set; } = 50;

    /// <summary>So many pictures a second the hub makes smaller at most, all JPEG cameras together; about 1 ms of processor time each. 0: none.</summary>
    [Range(0, 1000)] public int MaxRescaled { get; set; } = 60;

    /// <summary>Quality of the daemon's JPEGs. Above 75 a face gets no better, only larger.</summary>
    [Range(10, 95)] public int JpegQuality { get; set; } = 75;
}
