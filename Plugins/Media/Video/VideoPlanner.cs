using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Makes and tells the plans: to viewers which layer comes, to senders which layers anybody gets, to everybody the order of speech. Guarded by the server's
/// lock.
/// </summary>
internal sealed class VideoPlanner(TimeProvider time, SpeechOrder speech, MediaOptions options, LoadSteps load, Func<bool> rescales)
{
    // Who displays a layer again within this time needs no new key frame for it.
    private static readonly TimeSpan KeptOn = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(uint Stream, VideoLayer Layer), long> _wanted = [];
    private readonly Dictionary<string, VideoOrder> _orders = new(StringComparer.Ordinal);

    private int Sent => load.Step >= ViewerPlan.FewSent ? Math.Min(options.MaxVideos, ViewerPlan.MostOfFew) : options.MaxVideos;

    /// <summary>Plans one room anew.</summary>
    public void Plan(string room, IReadOnlyList<Viewer> people)
    {
        VideoStream[] streams = [.. InOrder(room, people)];
        foreach (Viewer viewer in people) Plan(viewer, streams);
        foreach (Viewer viewer in people)
            if (viewer.Stream is { } stream) TellWanted(viewer, stream);
        TellOrder(room, people, streams);
    }

    /// <summary>A stream has ended.</summary>
    public void Forget(VideoStream stream)
    {
        foreach (VideoLayer layer in Layers.All) _wanted.Remove((stream.Info.Stream, layer));
    }

    /// <summary>A room is empty.</summary>
    public void Forget(string room)
    {
        _orders.Remove(room);
        speech.Forget(room);
    }

    private IEnumerable<VideoStream> InOrder(string room, IReadOnlyList<Viewer> people)
    {
        string[] spoke = speech.Of(room);
        // Who has not spoken comes behind, the oldest camera first; sorting is stable.
        return people.Select(p => p.Stream).OfType<VideoStream>().OrderBy(s => s.Info.Stream)
            .OrderBy(s => Array.IndexOf(spoke, s.Info.Id) is >= 0 and var at ? at : int.MaxValue);
    }

    private void Plan(Viewer viewer, VideoStream[] streams)
    {
        PlanSource[] sources = [.. streams.Where(s => s != viewer.Stream).Select(s => new PlanSource(s, WishOf(viewer, s)))];
        LayerPlan[] plans = ViewerPlan.Make(sources, Sent, viewer.Watcher.Link.Bits, load.Step, rescales());
        for (int i = 0; i < plans.Length; i++)
        {
            VideoStream stream = sources[i].Stream;
            stream.Of(viewer.Watcher).Plan = plans[i];
            if (viewer.IsNews(stream, plans[i])) viewer.Channel.TryPost(new VideoLayerChosen(stream.Info.Id, plans[i].Layer, plans[i].Every, plans[i].Reason));
        }
    }

    // No larger than what its own link lets through.
    private static VideoLayer WishOf(Viewer viewer, VideoStream stream)
    {
        VideoLayer wish = Layers.For(viewer.HeightOf(stream.Info.Id), stream.Info.Layers), most = UplinkPlan.Most(stream.Info, stream.UplinkBits);
        return Layers.HeightOf(wish) > Layers.HeightOf(most) ? most : wish;
    }

    private void TellWanted(Viewer sender, VideoStream stream)
    {
        long now = time.GetTimestamp();
        bool rescaled = false;
        foreach (Subscription subscription in stream.Subscriptions)
        {
            rescaled |= subscription.Plan.Rescaled;
            Want(stream, subscription.Plan.Layer, now);
            // Goes on until the key frame of the new layer has come.
            if (subscription.Plan.Layer != VideoLayer.None) Want(stream, subscription.Current, now);
        }
        stream.IsRescaled = rescaled;
        int most = Layers.HeightOf(UplinkPlan.Most(stream.Info, stream.UplinkBits));
        VideoLayer[] layers = [.. stream.Info.Layers.Where(l => Layers.HeightOf(l) <= most && _wanted.TryGetValue((stream.Info.Stream, l), out long at) && time.GetElapsedTime(at, now) < KeptOn)];
        int? bitrate = UplinkPlan.Bitrate(stream.Info, layers, stream.UplinkBits);
        if (stream.Told is { } told && told.Fps == load.Fps && told.Layers.SequenceEqual(layers) && UplinkPlan.IsAlike(bitrate, told.Bitrate)) return;
        stream.Told = new VideoWanted(stream.Info.Stream, layers, bitrate, load.Fps);
        sender.Channel.TryPost(stream.Told);
    }

    private void Want(VideoStream stream, VideoLayer layer, long now)
    {
        if (layer != VideoLayer.None) _wanted[(stream.Info.Stream, layer)] = now;
    }

    private void TellOrder(string room, IReadOnlyList<Viewer> people, VideoStream[] streams)
    {
        var order = new VideoOrder([.. streams.Select(s => s.Info.Id)], Sent);
        if (_orders.TryGetValue(room, out VideoOrder? told) && told.Sent == order.Sent && told.Ids.SequenceEqual(order.Ids)) return;
        _orders[room] = order;
        foreach (Viewer viewer in people) viewer.Channel.TryPost(order);
    }
}
