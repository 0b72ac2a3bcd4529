using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Client to hub, a request: my camera is on. Reply: <see cref="VideoGranted"/>. Replaces an earlier stream of the same person.
/// <example><code>{"codec":"vp8","width":640,"height":360,"layers":["large","small"]}</code></example>
/// </summary>
/// <param name="Codec">Of every frame.</param>
/// <param name="Width">Largest width in pixels.</param>
/// <param name="Height">Largest height in pixels.</param>
/// <param name="Layers">The sizes that can be sent, the largest first.</param>
[Message("media/video.on"), Needs(Role.Member)]
internal sealed record VideoOn(VideoCodec Codec, int Width, int Height, IReadOnlyList<VideoLayer> Layers);

/// <summary>
/// The reply: send with this number.
/// <example><code>{"stream":7}</code></example>
/// </summary>
[Message("media/video.granted")]
internal sealed record VideoGranted(uint Stream);

/// <summary>
/// Client to hub: my camera is off.
/// <example><code>{}</code></example>
/// </summary>
[Message("media/video.off"), Needs(Role.Listener)]
internal sealed record VideoOff;

/// <summary>
/// Hub to the others in the room, and daemon to page: a person's camera is on.
/// <example><code>{"id":"a1b2c3d4e5f60718","name":"Ann","stream":7,"codec":"vp8","width":640,"height":360,"layers":["large","small"]}</code></example>
/// </summary>
/// <param name="Id">The person.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Stream">Number in the packets.</param>
/// <param name="Codec">Of every frame.</param>
/// <param name="Width">Largest width in pixels.</param>
/// <param name="Height">Largest height in pixels.</param>
/// <param name="Layers">The sizes that can be asked for.</param>
[Message("media/video.started")]
internal sealed record VideoStarted(string Id, string Name, uint Stream, VideoCodec Codec, int Width, int Height, IReadOnlyList<VideoLayer> Layers);

/// <summary>
/// Hub to the others in the room, and daemon to page: a person's camera is off.
/// <example><code>{"id":"a1b2c3d4e5f60718"}</code></example>
/// </summary>
[Message("media/video.stopped")]
internal sealed record VideoStopped(string Id);

/// <summary>
/// Hub to a client that comes, and daemon to a page that connects: all cameras that are on, without the receiver's own. Replaces what was known.
/// <example><code>{"items":[{"id":"a1b2c3d4e5f60718","name":"Ann","stream":7,"codec":"jpeg","width":640,"height":360,"layers":["large"]}]}</code></example>
/// </summary>
[Message("media/video.streams")]
internal sealed record VideoStreams(IReadOnlyList<VideoStarted> Items);

/// <summary>
/// Page to daemon and client to hub, a request: send me this person's camera in that size. Without it, it is <c>large</c>. As
/// <see cref="Watch"/> with a height of 720, 360, 180 or 0 for one person.
/// <example><code>{"id":"a1b2c3d4e5f60718","layer":"small"}</code></example>
/// </summary>
/// <param name="Id">The person.</param>
/// <param name="Layer"><c>hd</c>, <c>large</c>, <c>small</c> or <c>none</c>.</param>
[Message("media/subscribe"), Needs(Role.Listener)]
internal sealed record Subscribe(string Id, VideoLayer Layer);

/// <summary>
/// A key frame is needed. A receiver (page to daemon, client to hub) names the person; towards the sender (hub to client, daemon to page)
/// there is no <c>id</c>.
/// <example><code>{"layer":"large","id":"a1b2c3d4e5f60718"}</code></example>
/// </summary>
[Message("media/video.keyframe"), Needs(Role.Listener)]
internal sealed record VideoKeyFrame(VideoLayer Layer, string? Id = null);

/// <summary>
/// Page to daemon, a request: take the camera's picture from there; <c>none</c> turns it off. The page that says <c>browser</c> is the one
/// whose lane <c>media.camera</c> is listened to.
/// <example><code>{"source":"browser","layers":["hd","large","small"]}</code></example>
/// </summary>
/// <param name="Source">As in <see cref="SourceSpec"/>.</param>
/// <param name="Layers">With <c>browser</c>: the sizes that the page can encode, the largest first; large and small when it does not say.</param>
[Message("media/video")]
internal sealed record SetVideo(string Source, IReadOnlyList<VideoLayer>? Layers = null);

/// <summary>
/// Daemon to page: what the own camera does.
/// <example><code>{"source":"browser","configured":"browser","stream":7,"id":"a1b2c3d4e5f60718"}</code></example>
/// </summary>
/// <param name="Source">Where the picture comes from now; <c>none</c> when it is off.</param>
/// <param name="Configured">The configuration's source.</param>
/// <param name="Stream">Number of the own stream; 0 while nothing is sent.</param>
/// <param name="Id">This person; not there before a join.</param>
/// <param name="Problem">One sentence, when the camera could not be used or has failed.</param>
[Message("media/video.state")]
internal sealed record VideoState(string Source, string Configured, uint Stream, string? Id = null, string? Problem = null);

/// <summary>
/// Page to daemon and client to hub: how high each person's camera is displayed now. Replaces the last one; whoever is not named keeps what was asked
/// for before. Of several pages of a daemon the highest counts.
/// <example><code>{"views":[{"id":"a1b2c3d4e5f60718","height":360},{"id":"b1b2c3d4e5f60718","height":0}]}</code></example>
/// </summary>
/// <param name="Views">At most 1000.</param>
[Message("media/watch"), Needs(Role.Listener)]
internal sealed record Watch(IReadOnlyList<View> Views);

/// <summary>One person's tile.</summary>
/// <param name="Id">The person.</param>
/// <param name="Height">In device pixels; 0: not to be seen (scrolled away, a page in the background).</param>
internal sealed record View(string Id, int Height);

/// <summary>
/// Hub to a client with a camera, and daemon to the page whose camera it is: what anybody displays. What is not named must not be encoded. Replaces the
/// last one; a sender that has not been told encodes nothing.
/// <example><code>{"stream":7,"layers":["large"],"bitrate":900000,"fps":15}</code></example>
/// </summary>
/// <param name="Stream">The own stream.</param>
/// <param name="Layers">What to encode, the largest first; empty: nothing.</param>
/// <param name="Bitrate">Most bits a second of all layers together, as far as the uplink is known to take them.</param>
/// <param name="Fps">Most pictures a second, while the hub is under high load.</param>
[Message("media/video.wanted")]
internal sealed record VideoWanted(uint Stream, IReadOnlyList<VideoLayer> Layers, int? Bitrate = null, int? Fps = null);

/// <summary>
/// Client to hub: what the link of this camera towards the hub takes, by the hub's reports on loss and delay. At each change that matters.
/// <example><code>{"stream":7,"bits":600000}</code></example>
/// </summary>
/// <param name="Stream">The own camera's number.</param>
/// <param name="Bits">Bits a second; without it: no limit is known.</param>
[Message("media/video.uplink"), Needs(Role.Member)]
internal sealed record VideoUplink(uint Stream, int? Bits = null);

/// <summary>
/// Hub to a viewer, and daemon to page: how this person's camera comes from now on. At each change.
/// <example><code>{"id":"a1b2c3d4e5f60718","layer":"small","every":2,"reason":"link"}</code></example>
/// </summary>
/// <param name="Id">Whose camera.</param>
/// <param name="Layer">What is sent; <c>none</c>: nothing.</param>
/// <param name="Every">1: all frames; 2: about every second one, and so on.</param>
/// <param name="Reason">Why.</param>
[Message("media/video.layer")]
internal sealed record VideoLayerChosen(string Id, VideoLayer Layer, int Every, VideoReason Reason);

/// <summary>
/// Hub to everybody in a room, and daemon to page: who has spoken last, the present speaker first; the first <c>sent</c> of those with a camera are sent
/// to whoever displays them, the others are not.
/// <example><code>{"ids":["a1b2c3d4e5f60718"],"sent":16}</code></example>
/// </summary>
/// <param name="Ids">Everybody with a camera.</param>
/// <param name="Sent">How many are sent.</param>
[Message("media/video.order")]
internal sealed record VideoOrder(IReadOnlyList<string> Ids, int Sent);

/// <summary>
/// Hub to everybody, and daemon to page: video is scaled down because the hub is under high load. At each change.
/// <example><code>{"step":2,"cause":"cpu"}</code></example>
/// </summary>
/// <param name="Step">0: not at all; each step takes more away, 6 is the last.</param>
/// <param name="Cause">What is short.</param>
[Message("media/video.load")]
internal sealed record VideoLoad(int Step, LoadCause Cause);

/// <summary>
/// Page to daemon, about every second: what became of the frames that it was given since the last time.
/// <example><code>{"items":[{"id":"a1b2c3d4e5f60718","drawn":29,"skipped":1,"decode":4.5}]}</code></example>
/// </summary>
/// <param name="Items">One for each person whose frames came.</param>
[Message("media/video.drawn")]
internal sealed record VideoDrawn(IReadOnlyList<DrawnFrames> Items);

/// <summary>One person's frames on a page.</summary>
/// <param name="Id">The person.</param>
/// <param name="Drawn">Frames that were drawn.</param>
/// <param name="Skipped">Frames that came and were not: the decoder did not keep up, or complained.</param>
/// <param name="Decode">How long a frame takes from its arrival to being decoded, 95th percentile, in ms.</param>
internal sealed record DrawnFrames(string Id, int Drawn, int Skipped, double Decode);

/// <summary>
/// Client to hub, each second while both are sent: these two were captured at the same moment (as in RTCP's sender reports, RFC 3550 6.4.1).
/// <example><code>{"stream":7,"video":123456,"audio":654321}</code></example>
/// </summary>
/// <param name="Stream">The own camera's number.</param>
/// <param name="Video">A picture's timestamp, in 1/90000 s.</param>
/// <param name="Audio">A sample's timestamp, in 1/48000 s.</param>
[Message("media/sync.sent"), Needs(Role.Member)]
internal sealed record SyncSent(uint Stream, uint Video, uint Audio);

/// <summary>
/// Hub to a viewer, when a camera and its person's sound are known, and again when what is told is no longer true by 5 ms, since a playout buffer has changed: that picture belongs to that
/// sample of the mix.
/// <example><code>{"id":"a1b2c3d4e5f60718","stream":7,"video":123456,"mix":98765}</code></example>
/// </summary>
/// <param name="Id">Whose camera.</param>
/// <param name="Stream">Its number.</param>
/// <param name="Video">A picture's timestamp, in 1/90000 s.</param>
/// <param name="Mix">A timestamp of the room's mixed sound, in 1/48000 s.</param>
[Message("media/sync")]
internal sealed record Sync(string Id, uint Stream, uint Video, uint Mix);

/// <summary>
/// Daemon to page: so much later than this person's quickest pictures their sound goes to the speaker, or over the lane <c>media.speaker</c>: pictures are to be held as
/// long, so that lips and voice go together. At each change.
/// <example><code>{"id":"a1b2c3d4e5f60718","hold":40}</code></example>
/// </summary>
/// <param name="Id">Whose camera.</param>
/// <param name="Hold">In ms, -400 to 400; below 0 the sound is the quicker one.</param>
[Message("media/video.hold")]
internal sealed record VideoHold(string Id, int Hold);

/// <summary>One person's picture as it reaches this machine, counted since it started; bitrate in bits a second over the last 2 s.</summary>
/// <param name="Id">The person.</param>
/// <param name="Layer">The layer that comes.</param>
/// <param name="Frames">Frames that came whole.</param>
/// <param name="Lost">Frames that were sent and not shown.</param>
/// <param name="Bitrate">Bits a second.</param>
internal sealed record VideoStats(string Id, VideoLayer Layer, long Frames, long Lost, int Bitrate)
{
    /// <summary>Of the last frame, in pixels.</summary>
    public int Width { get; init; }

    /// <summary>Of the last frame, in pixels.</summary>
    public int Height { get; init; }

    /// <summary>Frames a second over the last 2 s.</summary>
    public double Fps { get; init; }

    /// <summary>See <see cref="VideoLayerChosen"/>.</summary>
    public int Every { get; init; } = 1;

    /// <summary>See <see cref="VideoLayerChosen"/>.</summary>
    public VideoReason Reason { get; init; }

    /// <summary>See <see cref="DrawnFrames"/>; 0 before the page has told.</summary>
    public double Decode { get; init; }

    /// <summary>Packets that came only when they were asked for again; of all cameras.</summary>
    public long Recovered { get; init; }
}
