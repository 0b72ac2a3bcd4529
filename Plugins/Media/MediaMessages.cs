using System.Text.Json.Serialization;
using LanCollab.Contracts;
using LanCollab.Plugins.Media.Audio;
using LanCollab.Plugins.Media.Video;

namespace LanCollab.Plugins.Media;

/// <summary>All messages of this plugin, sound's (Audio/AudioMessages.cs) and pictures' (Video/VideoMessages.cs).</summary>
internal static class MediaMessages
{
    /// <summary>The name of the control service on the wire (TCP).</summary>
    public const string Service = "media";

    /// <summary>Names, types and JSON.</summary>
    public static MessageSet Set { get; } =
        MessageSet.Of(typeof(MediaMessages).Assembly, new MediaJson(new(MessageSet.WireOptions)));
}

/// <summary>Source-generated JSON. The generator takes the attributes of one declaration only, so both parts' messages stand here.</summary>
[JsonSerializable(typeof(SetAudio))]
[JsonSerializable(typeof(AudioState))]
[JsonSerializable(typeof(People))]
[JsonSerializable(typeof(Levels))]
[JsonSerializable(typeof(GetStats))]
[JsonSerializable(typeof(Stats))]
[JsonSerializable(typeof(Report))]
[JsonSerializable(typeof(GetDevices))]
[JsonSerializable(typeof(Devices))]
[JsonSerializable(typeof(PushKey))]
[JsonSerializable(typeof(SetVolume))]
[JsonSerializable(typeof(Volumes))]
[JsonSerializable(typeof(Ears))]
[JsonSerializable(typeof(SitIn))]
[JsonSerializable(typeof(Together))]
[JsonSerializable(typeof(Uplink))]
// Pictures
[JsonSerializable(typeof(SetVideo))]
[JsonSerializable(typeof(VideoState))]
[JsonSerializable(typeof(VideoOn))]
[JsonSerializable(typeof(VideoGranted))]
[JsonSerializable(typeof(VideoOff))]
[JsonSerializable(typeof(VideoStarted))]
[JsonSerializable(typeof(VideoStopped))]
[JsonSerializable(typeof(VideoStreams))]
[JsonSerializable(typeof(Subscribe))]
[JsonSerializable(typeof(VideoKeyFrame))]
[JsonSerializable(typeof(Watch))]
[JsonSerializable(typeof(VideoWanted))]
[JsonSerializable(typeof(VideoUplink))]
[JsonSerializable(typeof(VideoLayerChosen))]
[JsonSerializable(typeof(VideoOrder))]
[JsonSerializable(typeof(VideoLoad))]
[JsonSerializable(typeof(VideoDrawn))]
[JsonSerializable(typeof(SyncSent))]
[JsonSerializable(typeof(Sync))]
[JsonSerializable(typeof(VideoHold))]
internal sealed partial class MediaJson : JsonSerializerContext;
