namespace LanCollab.Plugins.Media.Video;

/// <summary>Another person's camera as it comes in, and the figures of it.</summary>
/// <param name="info">What the hub told.</param>
/// <param name="assembly">Of its packets.</param>
internal sealed class IncomingVideo(VideoStarted info, FrameAssembly assembly)
{
    private (long Frames, long Lost, long Bytes, long Skipped) _before;
    private int _bitrate;

    /// <summary>What the hub told.</summary>
    public VideoStarted Info { get; } = info;

    /// <summary>Of its packets.</summary>
    public FrameAssembly Assembly { get; } = assembly;

    /// <summary>Decides on the size.</summary>
    public LayerGovernor Governor { get; } = new();

    /// <summary>Whole frames that no page took.</summary>
    public long Skipped { get; set; }

    /// <summary>When a key frame was last asked for.</summary>
    public long? AskedAt { get; set; }

    /// <summary>The size that is to be asked for, given what the page wants.</summary>
    public VideoLayer Choose(VideoLayer wish) => wish == VideoLayer.Large && Governor.IsReduced ? VideoLayer.Small : wish;

    /// <summary>Ends a window of <see cref="LayerGovernor.Window"/>; true when the governor has changed its mind.</summary>
    public bool EndWindow(out long shown, out long missing)
    {
        var now = (Assembly.Frames, Assembly.Lost, Assembly.Bytes, Skipped);
        shown = now.Frames - _before.Frames - (now.Skipped - _before.Skipped);
        missing = now.Lost - _before.Lost + (now.Skipped - _before.Skipped);
        _bitrate = (int)((now.Bytes - _before.Bytes) * 8 / LayerGovernor.Window.TotalSeconds);
        _before = now;
        return Governor.Next(shown, missing);
    }

    /// <summary>For <c>media/stats</c>.</summary>
    public VideoStats Stats => new(Info.Id, Assembly.Layer, Assembly.Frames, Assembly.Lost + Skipped, _bitrate);
}
