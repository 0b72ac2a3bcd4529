using System.Text.Json.Serialization;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Page to daemon: change the microphone or the speaker; what is not named stays. Reply: the new <see cref="AudioState"/>.
/// <example><code>{"source":"file:/tmp/a.wav","muted":false}</code></example>
/// </summary>
[Message("media/audio")]
internal sealed record SetAudio(string? Source = null, bool? Muted = null, string? Speaker = null);

/// <summary>
/// Daemon to page: what is captured and played now, and why it does not work if it does not.
/// <example><code>{"source":"browser","muted":false,"speaker":"browser"}</code></example>
/// </summary>
[Message("media/audio.state")]
internal sealed record AudioState(string Source, bool Muted, string Speaker, string? Problem = null);

/// <summary>
/// Hub to daemons to pages: everybody in the room who has a media channel, after each change.
/// <example><code>{"people":[{"id":"a1b2c3d4e5f60718","name":"Ann","muted":false}]}</code></example>
/// </summary>
[Message("media/people")]
internal sealed record People([property: JsonPropertyName("people")] IReadOnlyList<Person> Members);

/// <summary>One of them; muted: sends no sound.</summary>
internal sealed record Person(string Id, string Name, bool Muted);

/// <summary>
/// Hub to daemons to pages: who talks, at most five times a second while anybody does, and once with nobody. The level is in -dBov
/// (RFC 6464): 0 is the loudest, 127 silence.
/// <example><code>{"talkers":[{"id":"a1b2c3d4e5f60718","level":23}]}</code></example>
/// </summary>
[Message("media/levels")]
internal sealed record Levels(IReadOnlyList<Talker> Talkers);

/// <summary>One who talks.</summary>
internal sealed record Talker(string Id, int Level);

/// <summary>
/// Page to daemon, daemon to hub: how everybody's sound fares. Reply: <see cref="Stats"/>.
/// <example><code>{}</code></example>
/// </summary>
[Message("media/stats"), Needs(Role.Listener)]
internal sealed record GetStats;

/// <summary>
/// The reply: everybody's sound as it reaches the hub, and (added by the daemon) the mix and the others' pictures as they reach this machine.
/// <example><code>{"peers":[{"id":"a1b2c3d4e5f60718","name":"Ann","rtt":0.4,"jitter":1.5,"loss":0,"bitrate":31000,"level":127}]}</code></example>
/// </summary>
[Message("media/stats.reply")]
internal sealed record Stats(IReadOnlyList<PeerStats> Peers, MixStats? Mix = null, IReadOnlyList<VideoStats>? Video = null);

/// <summary>
/// Rtt in milliseconds as that client measures it (null: not yet), jitter in milliseconds (RFC 3550, 6.4.1), loss from 0 to 1 and
/// bitrate in bits a second over the last seconds, level as in <see cref="Levels"/>.
/// </summary>
internal sealed record PeerStats(string Id, string Name, double? Rtt, double Jitter, double Loss, int Bitrate, int Level);

/// <summary>The same for what comes back, and how much sound the playout buffer holds back, in milliseconds.</summary>
internal sealed record MixStats(double Jitter, double Loss, int Bitrate, int Delay);

/// <summary>
/// Daemon to hub, every two seconds and after each change: its side of the matter.
/// <example><code>{"muted":false,"rtt":0.4}</code></example>
/// </summary>
[Message("media/report"), Needs(Role.Listener)]
internal sealed record Report(bool Muted, double? Rtt = null);
