using System.ComponentModel.DataAnnotations;

namespace LanCollab.Plugins.Media;

internal sealed partial class MediaOptions
{
    /// <summary>The port of pictures (UDP).</summary>
    [Range(0, 65535)] public int VideoPort { get; set; } = 5875;

    /// <summary>Where this person's picture comes from.</summary>
    [RegularExpression(Source)] public string Camera { get; set; } = "browser";
}
