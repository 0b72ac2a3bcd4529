namespace LanCollab.Plugins.Media.Video;

/// <summary>The layers and their sizes.</summary>
internal static class Layers
{
    // A picture that is scaled up by so much does not look blurred yet.
    private const double ScaledUp = 1.25;

    /// <summary>All, in the order of their numbers on the wire.</summary>
    public static readonly VideoLayer[] All = [VideoLayer.Large, VideoLayer.Small, VideoLayer.Hd];

    private static readonly VideoLayer[] Rising = [VideoLayer.Small, VideoLayer.Large, VideoLayer.Hd];

    /// <summary>Height of a picture, in pixels.</summary>
    public static int HeightOf(VideoLayer layer) => layer switch
    {
        VideoLayer.Hd => 720,
        VideoLayer.Large => 360,
        VideoLayer.Small => 180,
        _ => 0,
    };

    /// <summary>The smallest of the layers that looks well in that height, or the largest there is; none for 0.</summary>
    public static VideoLayer For(int height, IReadOnlyList<VideoLayer> there)
    {
        if (height <= 0) return VideoLayer.None;
        foreach (VideoLayer layer in Rising)
            if (HeightOf(layer) * ScaledUp >= height && there.Contains(layer)) return layer;
        return there[0];
    }

    /// <summary>That layer, or the next smaller one that is there, or the smallest.</summary>
    public static VideoLayer Nearest(VideoLayer layer, IReadOnlyList<VideoLayer> there)
    {
        if (layer == VideoLayer.None) return layer;
        foreach (VideoLayer known in Rising.Reverse())
            if (HeightOf(known) <= HeightOf(layer) && there.Contains(known)) return known;
        return there[^1];
    }

    /// <summary>Bits a second to expect before any was measured.</summary>
    public static double UsualBits(VideoCodec codec, VideoLayer layer) => (codec, layer) switch
    {
        (VideoCodec.Vp8, VideoLayer.Hd) => 1_800_000,
        (VideoCodec.Vp8, VideoLayer.Large) => 700_000,
        (VideoCodec.Vp8, VideoLayer.Small) => 180_000,
        (VideoCodec.Jpeg, VideoLayer.Hd) => 12_000_000,
        (VideoCodec.Jpeg, VideoLayer.Large) => 4_000_000,
        (VideoCodec.Jpeg, VideoLayer.Small) => 1_500_000,
        _ => 0,
    };
}
