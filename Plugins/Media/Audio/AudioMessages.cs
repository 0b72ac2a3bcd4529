using System.Text.Json.Serialization;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Plugins.Media.Audio;

/// <summary>
/// Page to daemon: change the microphone, the speaker or how they are used; what is not named stays. Reply: the new <see cref="AudioState"/>.
/// <example><code>{"source":"file:/tmp/a.wav","muted":false}</code></example>
/// </summary>
/// <param name="Source">Where this person's sound comes from.</param>
/// <param name="Muted">Nothing is sent.</param>
/// <param name="Speaker">Where the others are heard.</param>
/// <param name="Deaf">Nothing is heard.</param>
/// <param name="Mode">When sound is sent: <c>open</c>, <c>voice</c>, <c>push</c>, <c>push-mute</c>.</param>
/// <param name="Threshold">For <c>voice</c>: the quietest level that is sent, in -dBov, 20 to 80.</param>
/// <param name="Hold">For <c>voice</c>: so long after the last word sound is still sent, in ms, 0 to 2000.</param>
/// <param name="Safety">Playout buffers between quick (0) and safe (100).</param>
/// <param name="Sound">What is shared beside the voice; <c>device</c> is what this machine plays.</param>
/// <param name="Bitrate">Of the voice, bits a second, 16 000 to 128 000; at once.</param>
/// <param name="FrameMs">Of the voice, 10 or 20.</param>
/// <param name="Stereo">Two channels are captured and heard where there are two.</param>
[Message("media/audio")]
internal sealed record SetAudio(
    string? Source = null, bool? Muted = null, string? Speaker = null, bool? Deaf = null, string? Mode = null, int? Threshold = null, int? Hold = null, int? Safety = null,
    string? Sound = null, int? Bitrate = null, int? FrameMs = null, bool? Stereo = null);

/// <summary>
/// Daemon to page: what is captured and played now and how, and why it does not work if it does not. <c>over</c> is the way the sound takes, <c>udp</c> or
/// <c>tls</c>.
/// <example><code>{"source":"browser","muted":false,"speaker":"browser","deaf":false,"mode":"open","threshold":50,"hold":300,"safety":25,"over":"udp","sound":"none","bitrate":32000,"frameMs":20,"stereo":false}</code></example>
/// </summary>
[Message("media/audio.state")]
internal sealed record AudioState(
    string Source, bool Muted, string Speaker, bool Deaf, string Mode, int Threshold, int Hold, int Safety, string Over, string Sound = "none",
    int Bitrate = SoundQuality.UsualBitrate, int FrameMs = AudioFormat.FrameMilliseconds, bool Stereo = false, string? Problem = null);

/// <summary>
/// Page to daemon: which sound cards this machine has, and what it plays that can be shared. Reply: <see cref="Devices"/>.
/// <example><code>{}</code></example>
/// </summary>
[Message("media/devices")]
internal sealed record GetDevices;

/// <summary>
/// The reply; empty where the daemon can use none.
/// <example><code>{"microphones":[{"source":"device","label":"The system's default"}],"speakers":[],"sounds":[]}</code></example>
/// </summary>
[Message("media/devices.reply")]
internal sealed record Devices(IReadOnlyList<Device> Microphones, IReadOnlyList<Device> Speakers, IReadOnlyList<Device> Sounds);

/// <summary>One of them: what to ask for, and what a person calls it.</summary>
internal sealed record Device(string Source, string Label);

/// <summary>
/// Page to daemon: the key for <c>push</c> and <c>push-mute</c> went down or up.
/// <example><code>{"down":true}</code></example>
/// </summary>
[Message("media/key")]
internal sealed record PushKey(bool Down);

/// <summary>
/// Page to daemon: how loud somebody is to be heard, from 0 (not at all) to 4, 1 as spoken. Kept by name.
/// <example><code>{"name":"Ann","gain":0.5}</code></example>
/// </summary>
[Message("media/volume")]
internal sealed record SetVolume(string Name, double Gain);

/// <summary>
/// Daemon to page: all volumes that are not 1, by name; at connect and after each change.
/// <example><code>{"volumes":{"Ann":0.5}}</code></example>
/// </summary>
[Message("media/volumes")]
internal sealed record Volumes([property: JsonPropertyName("volumes")] IReadOnlyDictionary<string, double> Gains);

/// <summary>
/// Daemon to hub: what this person hears: volumes by seat where they are not 1, whether they want to hear anything, and two channels where there are two. Replaces the
/// last one.
/// <example><code>{"gains":{"a1b2c3d4e5f60718":0.5},"deaf":false,"stereo":false}</code></example>
/// </summary>
[Message("media/ears"), Needs(Role.Listener)]
internal sealed record Ears(IReadOnlyDictionary<string, float> Gains, bool Deaf = false, bool Stereo = false);

/// <summary>
/// Page to daemon to hub: this person sits in that physical room, with the others who say so; empty: alone.
/// <example><code>{"name":"Kitchen"}</code></example>
/// </summary>
[Message("media/group"), Needs(Role.Listener)]
internal sealed record SitIn(string Name);

/// <summary>
/// Hub to daemons to pages: these microphones carry the same sound, so their people seem to sit in one physical room; once for each pair.
/// <example><code>{"ids":["a1b2c3d4e5f60718","b1b2c3d4e5f60718"]}</code></example>
/// </summary>
[Message("media/together")]
internal sealed record Together(IReadOnlyList<string> Ids);

/// <summary>
/// Hub to daemon, each second while it changes: how that person's sound reaches the hub; loss from 0 to 1, delay of the playout buffer in ms. Early, when it is not 0: so many ms earlier
/// than needed (negative: later) frames come before the hub's beat; who can, shifts their ends by as much, once.
/// <example><code>{"loss":0.02,"delay":12,"early":8.5}</code></example>
/// </summary>
[Message("media/uplink")]
internal sealed record Uplink(double Loss, int Delay, double Early = 0);

/// <summary>
/// Hub to daemons to pages: everybody in the room who has a media channel, after each change.
/// <example><code>{"people":[{"id":"a1b2c3d4e5f60718","name":"Ann","muted":false,"silenced":false}]}</code></example>
/// </summary>
[Message("media/people")]
internal sealed record People([property: JsonPropertyName("people")] IReadOnlyList<Person> Members);

/// <summary>One of them. Muted: sends no sound; silenced: may not talk; group: the physical room they sit in with others.</summary>
internal sealed record Person(string Id, string Name, bool Muted, bool Silenced = false, string? Group = null);

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
/// <example><code>{"peers":[{"id":"a1b2c3d4e5f60718","name":"Ann","jitter":1.5,"loss":0,"bitrate":31000,"level":127,"rtt":0.4}]}</code></example>
/// </summary>
[Message("media/stats.reply")]
internal sealed record Stats(IReadOnlyList<PeerStats> Peers, MixStats? Mix = null, IReadOnlyList<VideoStats>? Video = null);

/// <summary>
/// Rtt in milliseconds as that client measures it (null: not yet), jitter in milliseconds (RFC 3550, 6.4.1), loss from 0 to 1 and
/// bitrate in bits a second over the last seconds, level as in <see cref="Levels"/>.
/// </summary>
internal sealed record PeerStats(string Id, string Name, double Jitter, double Loss, int Bitrate, int Level, double? Rtt = null);

/// <summary>The same for what comes back, and how much sound the playout buffer holds back, in milliseconds.</summary>
internal sealed record MixStats(double Jitter, double Loss, int Bitrate, int Delay);

/// <summary>
/// Daemon to hub, every two seconds and after each change: its side of the matter. Loss is that of the mix, from 0 to 1; tunnel: sound is to come
/// over this channel, since UDP does not get through.
/// <example><code>{"muted":false,"rtt":0.4,"loss":0,"safety":25,"tunnel":false}</code></example>
/// </summary>
[Message("media/report"), Needs(Role.Listener)]
internal sealed record Report(bool Muted, double? Rtt = null, double Loss = 0, int Safety = 25, bool Tunnel = false);
