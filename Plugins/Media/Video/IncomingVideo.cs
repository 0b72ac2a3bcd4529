using LanCollab.Plugins.Media.Timing;

namespace LanCollab.Plugins.Media.Video;

/// <summary>Another person's camera as it comes in, and the figures of it.</summary>
/// <param name="info">What the hub told.</param>
/// <param name="assembly">Of its packets.</param>
/// <param name="lips">Of its person.</param>
internal sealed class IncomingVideo(VideoStarted info, FrameAssembly assembly, LipSync lips)
{
    /// <summary>How often <see cref="EndWindow"/> is called.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private (long Frames, long Lost, long Bytes, long Skipped) _before;
    private int _bitrate;
    private double _fps;

    /// <summary>What the hub told.</summary>
    public VideoStarted Info { get; } = info;

    /// <summary>Of its packets.</summary>
    public FrameAssembly Assembly { get; } = assembly;

    /// <summary>How its pictures and its person's sound go together here.</summary>
    public LipSync Lips { get; } = lips;

    /// <summary>How the hub sends it.</summary>
    public VideoLayerChosen? Chosen { get; set; }

    /// <summary>Whole frames that no page took.</summary>
    public long Skipped { get; set; }

    /// <summary>Whole frames whose bytes are not what their header says.</summary>
    public long Broken { get; set; }

    /// <summary>Size of the last frame.</summary>
    public (int Width, int Height) Size { get; set; }

    /// <summary>What a page takes for a frame, in ms.</summary>
    public double Decode { get; set; }

    /// <summary>When a key frame was last asked for.</summary>
    public long? AskedAt { get; set; }

    /// <summary>Ends a window.</summary>
    /// <param name="shown">Frames that came whole and were taken by the page.</param>
    /// <param name="missing">Frames that did not come or were not taken.</param>
    public void EndWindow(out long shown, out long missing)
    {
        var now = (Assembly.Frames, Assembly.Lost, Assembly.Bytes, Skipped);
        shown = now.Frames - _before.Frames - (now.Skipped - _before.Skipped);
        missing = now.Lost - _before.Lost + (now.Skipped - _before.Skipped);
        _bitrate = (int)((now.Bytes - _before.Bytes) * 8 / Window.TotalSeconds);
        _fps = (now.Frames - _before.Frames) / Window.TotalSeconds;
        _before = now;
    }

    /// <summary>For <c>media/stats</c>.</summary>
    public VideoStats Stats => new(Info.Id, Assembly.Layer, Assembly.Frames, Assembly.Lost + Skipped, _bitrate)
    {
        Width = Size.Width, Height = Size.Height, Fps = _fps, Every = Chosen?.Every ?? 1, Reason = Chosen?.Reason ?? VideoReason.Wish, Decode = Decode,
    };
}
