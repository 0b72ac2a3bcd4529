using LanCollab.Contracts;

namespace LanCollab.Plugins.Media.Video;

/// <summary>
/// Page to daemon: change the camera.
/// <example><code>{"source":"browser"}</code></example>
/// </summary>
[Message("media/video")]
internal sealed record SetVideo(string Source);
