using System.ComponentModel.DataAnnotations;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;

namespace LanCollab.Plugins.Media;

/// <summary>
/// <c>Plugins:Media</c>, both halves. Microphone and Speaker are sources as in <see cref="Contracts.SourceSpec"/>; the video part's keys are
/// in its own folder.
/// </summary>
internal sealed partial class MediaOptions
{
    private const string Source = "^(none|browser|device(:.+)?|file:.+)$";

    /// <summary>The port of the control service (TCP) and of sound (UDP).</summary>
    [Range(0, 65535)] public int AudioPort { get; set; } = 5874;

    /// <summary>Where this person's sound comes from.</summary>
    [RegularExpression(Source)] public string Microphone { get; set; } = "browser";

    /// <summary>Where the others are heard; <c>file:&lt;wav&gt;</c> records them.</summary>
    [RegularExpression(Source)] public string Speaker { get; set; } = "browser";

    /// <summary>True: nothing is sent before the person unmutes.</summary>
    public bool Muted { get; set; }

    /// <summary>Target of the Opus encoders, bits a second: of a client's voice, of a hub's mixes. 32 000 is wide-band speech without audible loss (RFC 6716, 2.1.1).</summary>
    [Live, Range(SoundQuality.LeastBitrate, SoundQuality.MostBitrate)] public int Bitrate { get; set; } = SoundQuality.UsualBitrate;

    /// <summary>Milliseconds of a client's frames on their way to the hub, 10 or 20: 10 is a little quicker and costs twice the packets.</summary>
    [AllowedValues(10, 20)] public int FrameMs { get; set; } = 20;

    /// <summary>True: a client captures two channels where its source has two, and hears the others' two. For music.</summary>
    public bool Stereo { get; set; }

    /// <summary>Opus' effort, 0 to 10; 5 takes half the time of 10.</summary>
    [Range(0, 10)] public int Complexity { get; set; } = 5;

    /// <summary>How much sound a playout buffer holds back until it knows the network, in milliseconds; then the network decides.</summary>
    [Range(0, 400)] public int PlayoutDelay { get; set; } = 20;

    /// <summary>The most it may hold back under jitter, in milliseconds.</summary>
    [Live, Range(40, 400)] public int MaxPlayoutDelay { get; set; } = 240;

    /// <summary>Where a playout buffer stands between quick (0: some words may break) and safe (100: later, nothing breaks).</summary>
    [Range(0, 100)] public int Safety { get; set; } = 25;

    /// <summary>So many of a room are heard at a time, the loudest; 0: everybody.</summary>
    [Live, Range(0, 1000)] public int Loudest { get; set; } = 6;
}
