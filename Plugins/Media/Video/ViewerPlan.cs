namespace LanCollab.Plugins.Media.Video;

/// <summary>A camera that a viewer could see.</summary>
/// <param name="Stream">Of it.</param>
/// <param name="Wish">The layer for the height in which it is displayed.</param>
internal readonly record struct PlanSource(VideoStream Stream, VideoLayer Wish);

/// <summary>
/// Decides how each camera goes to one viewer: as wished, less under high load, nothing of those who have not spoken lately, and no more in all than the link
/// takes. First smaller layers, then fewer frames; whoever spoke last keeps most.
/// </summary>
internal static class ViewerPlan
{
    /// <summary>From this step on nobody gets hd.</summary>
    public const int NoHd = 2;

    /// <summary>From this step on only who speaks is seen larger than small.</summary>
    public const int SmallButSpeaker = 3;

    /// <summary>From this step on everybody is small.</summary>
    public const int AllSmall = 4;

    /// <summary>From this step on only so many cameras are sent.</summary>
    public const int FewSent = 5, MostOfFew = 4;

    /// <summary>The last resort: the hub makes JPEG of all but who speaks smaller still.</summary>
    public const int Rescaling = 6;

    // Key frames alone: two a second at most, each several times a delta frame's size.
    private const double KeyFramesShare = 0.2;
    private const double Fps = 30;

    /// <summary>Plans.</summary>
    /// <param name="sources">In the order of speech, who speaks first.</param>
    /// <param name="sent">So many of those that are displayed are sent.</param>
    /// <param name="bits">What the link takes, in bits a second.</param>
    /// <param name="step">Of high load, see <see cref="LoadSteps"/>.</param>
    /// <param name="rescales">The hub can re-scale.</param>
    public static LayerPlan[] Make(IReadOnlyList<PlanSource> sources, int sent, double bits, int step, bool rescales = true)
    {
        var plans = new LayerPlan[sources.Count];
        int displayed = 0;
        for (int i = 0; i < plans.Length; i++)
        {
            VideoLayer wish = Layers.Nearest(sources[i].Wish, sources[i].Stream.Info.Layers);
            bool left = wish != VideoLayer.None && ++displayed > sent;
            plans[i] = left ? new LayerPlan(VideoLayer.None, 1, VideoReason.LastN) : UnderLoad(wish, sources[i].Stream, step, speaks: i == 0, rescales);
        }
        if (Total(sources, plans) > bits) Squeeze(sources, plans, bits, rescales);
        return plans;
    }

    private static LayerPlan UnderLoad(VideoLayer wish, VideoStream stream, int step, bool speaks, bool rescales)
    {
        if (step >= Rescaling && rescales && !speaks && wish != VideoLayer.None && stream.Info.Codec == VideoCodec.Jpeg)
            return new LayerPlan(stream.Info.Layers[^1], Rescaler.Every, VideoReason.Load) { Rescaled = true };
        VideoLayer most = step >= AllSmall || (step >= SmallButSpeaker && !speaks) ? VideoLayer.Small : step >= NoHd ? VideoLayer.Large : VideoLayer.Hd;
        if (Layers.HeightOf(wish) <= Layers.HeightOf(most)) return LayerPlan.Whole(wish);
        VideoLayer less = Layers.Nearest(most, stream.Info.Layers);
        return less == wish ? LayerPlan.Whole(wish) : new LayerPlan(less, 1, VideoReason.Load);
    }

    // From the least for everybody upwards, by turns, as long as it fits.
    private static void Squeeze(IReadOnlyList<PlanSource> sources, LayerPlan[] plans, double bits, bool rescales)
    {
        LayerPlan[][] rungs = [.. plans.Select((plan, i) => Rungs(plan, sources[i].Stream, rescales))];
        int[] at = new int[plans.Length];
        for (int i = 0; i < plans.Length; i++) plans[i] = rungs[i][0];
        double total = Total(sources, plans);
        for (bool better = true; better;)
        {
            better = false;
            for (int i = 0; i < plans.Length; i++)
            {
                if (at[i] + 1 >= rungs[i].Length) continue;
                LayerPlan next = rungs[i][at[i] + 1];
                double more = Bits(sources[i].Stream, next) - Bits(sources[i].Stream, plans[i]);
                if (total + more > bits) continue;
                (plans[i], total, better) = (next, total + more, true);
                at[i]++;
            }
        }
    }

    private static LayerPlan[] Rungs(LayerPlan most, VideoStream stream, bool rescales)
    {
        if (most.Layer == VideoLayer.None || most.Rescaled) return [most];
        VideoLayer[] layers = [.. stream.Info.Layers.Where(l => Layers.HeightOf(l) <= Layers.HeightOf(most.Layer)).Reverse()];
        var rungs = new List<LayerPlan>();
        bool jpeg = stream.Info.Codec == VideoCodec.Jpeg;
        // A link that takes only one of five of the smallest ones shows more of a face that is smaller still.
        if (jpeg && rescales)
            foreach (int every in (int[])[4 * Rescaler.Every, 2 * Rescaler.Every, Rescaler.Every]) rungs.Add(new LayerPlan(layers[0], every, VideoReason.Link) { Rescaled = true });
        int[] everies = !jpeg ? [LayerPlan.KeyFramesOnly, 2] : rescales ? [4, 2] : [16, 8, 4, 2];
        foreach (int every in everies) rungs.Add(new LayerPlan(layers[0], every, VideoReason.Link));
        foreach (VideoLayer layer in layers) rungs.Add(layer == most.Layer ? most : new LayerPlan(layer, 1, VideoReason.Link));
        return [.. rungs];
    }

    private static double Total(IReadOnlyList<PlanSource> sources, LayerPlan[] plans) => plans.Select((plan, i) => Bits(sources[i].Stream, plan)).Sum();

    private static double Bits(VideoStream stream, LayerPlan plan)
    {
        if (plan.Layer == VideoLayer.None) return 0;
        if (plan.Rescaled) return Rescaler.UsualBits * Fps / plan.Every;
        double whole = stream.Flow(plan.Layer) is { Bits: > 0 and var measured } ? measured : Layers.UsualBits(stream.Info.Codec, plan.Layer);
        if (plan.Every == 1) return whole;
        return stream.Info.Codec == VideoCodec.Jpeg ? whole / plan.Every : plan.Every >= LayerPlan.KeyFramesOnly ? whole * KeyFramesShare : whole * 0.7;
    }
}
