using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Makes and tells the plans: to viewers which layer comes, to senders which layers anybody gets, to everybody the order of speech. Guarded by the server's
/// lock.
/// </summary>
internal sealed class VideoPlanner(TimeProvider time, SpeechOrder speech, MediaOptions options, LoadSteps load)
{
    // Who displays a layer again within this time needs no new key frame for it.
    private static readonly TimeSpan KeptOn = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(uint Stream, VideoLayer Layer), long> _wanted = [];
    private readonly Dictionary<string, VideoOrder> _orders = new(StringComparer.Ordinal);

    private int Sent => load.Step >= LoadSteps.Last ? Math.Min(options.MaxVideos, ViewerPlan.SentAtLast) : options.MaxVideos;

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
        PlanSource[] sources = [.. streams.Where(s => s != viewer.Stream).Select(s => new PlanSource(s, Layers.For(viewer.HeightOf(s.Info.Id), s.Info.Layers)))];
        LayerPlan[] plans = ViewerPlan.Make(sources, Sent, viewer.Watcher.Link.Bits, load.Step);
        for (int i = 0; i < plans.Length; i++)
        {
            VideoStream stream = sources[i].Stream;
            stream.Of(viewer.Watcher).Plan = plans[i];
            if (viewer.IsNews(stream, plans[i])) viewer.Channel.TryPost(new VideoLayerChosen(stream.Info.Id, plans[i].Layer, plans[i].Every, plans[i].Reason));
        }
    }

    private void TellWanted(Viewer sender, VideoStream stream)
    {
        long now = time.GetTimestamp();
        foreach (Subscription subscription in stream.Subscriptions)
        {
            Want(stream, subscription.Plan.Layer, now);
            // Goes on until the key frame of the new layer has come.
            if (subscription.Plan.Layer != VideoLayer.None) Want(stream, subscription.Current, now);
        }
        VideoLayer[] layers = [.. stream.Info.Layers.Where(l => _wanted.TryGetValue((stream.Info.Stream, l), out long at) && time.GetElapsedTime(at, now) < KeptOn)];
        if (stream.Told is { } told && told.Fps == load.Fps && told.Layers.SequenceEqual(layers)) return;
        stream.Told = new VideoWanted(stream.Info.Stream, layers, Fps: load.Fps);
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
