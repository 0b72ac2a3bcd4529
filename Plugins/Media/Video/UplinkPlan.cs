namespace LanCollab.Plugins.Media.Video;

/// <summary>What a camera is to send when its own link towards the hub is narrow: as large as is worth it, and no more bits than the link takes.</summary>
internal static class UplinkPlan
{
    // In half its usual bits a layer is coarser, but still better than the next smaller one scaled up.
    private const double WorthIt = 0.5;
    // The encoder's target wanders; a queue on the link is seen too late.
    private const double Margin = 0.9;
    private const int Step = 10_000, Fewest = 50_000; // bits/s

    /// <summary>The largest layer that is worth sending.</summary>
    /// <param name="info">The camera.</param>
    /// <param name="bits">Bits a second that the link takes; infinite: as many as are wanted.</param>
    public static VideoLayer Most(VideoStarted info, double bits)
    {
        VideoLayer least = info.Layers[^1];
        foreach (VideoLayer layer in info.Layers)
        {
            // The smallest one may be wanted beside it, by others.
            double beside = layer == least ? 0 : Layers.UsualBits(info.Codec, least);
            if (bits >= (Layers.UsualBits(info.Codec, layer) + beside) * WorthIt) return layer;
        }
        return least;
    }

    /// <summary>Bits a second for all these layers together; null when their usual ones fit.</summary>
    public static int? Bitrate(VideoStarted info, IReadOnlyCollection<VideoLayer> layers, double bits)
    {
        double room = bits * Margin;
        return layers.Sum(layer => Layers.UsualBits(info.Codec, layer)) <= room ? null : Math.Max(Fewest, (int)room / Step * Step);
    }

    /// <summary>True when the difference is not worth a message.</summary>
    public static bool IsAlike(int? bitrate, int? told) => bitrate == told || (bitrate is { } now && told is { } before && Math.Abs(now - before) < before / 10);
}
