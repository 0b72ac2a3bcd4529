using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Client to hub, a request: my camera is on. Reply: <see cref="VideoGranted"/>. Replaces an earlier stream of the same person.
/// <example><code>{"codec":"vp8","width":640,"height":360,"layers":["large","small"]}</code></example>
/// </summary>
/// <param name="Codec">Of every frame.</param>
/// <param name="Width">Largest width in pixels.</param>
/// <param name="Height">Largest height in pixels.</param>
/// <param name="Layers">The sizes that are sent, <c>large</c> first.</param>
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
/// Page to daemon and client to hub, a request: send me this person's camera in that size. Without it, it is <c>large</c>.
/// <example><code>{"id":"a1b2c3d4e5f60718","layer":"small"}</code></example>
/// </summary>
/// <param name="Id">The person.</param>
/// <param name="Layer"><c>large</c>, <c>small</c> or <c>none</c>.</param>
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
/// <example><code>{"source":"browser"}</code></example>
/// </summary>
[Message("media/video")]
internal sealed record SetVideo(string Source);

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

/// <summary>One person's picture as it reaches this machine, counted since it started; bitrate in bits a second over the last 2 s.</summary>
internal sealed record VideoStats(string Id, VideoLayer Layer, long Frames, long Lost, int Bitrate);
